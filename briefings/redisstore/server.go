package redisstore

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// Complaint is a setting of the Redis server with which confirmed things may be lost.
type Complaint struct {
	Setting string // as Redis names it: appendonly, maxmemory-policy, redis_version, aof_last_write_status
	Value   string // what the server has
	Advice  string // one sentence: what may happen and what to do
	// Grave says that confirmed things are lost in ordinary operation, not by a power cut: such a server is not served on.
	Grave bool
}

func (c Complaint) Error() string {
	return fmt.Sprintf("redis has %s %s: %s", c.Setting, c.Value, c.Advice)
}

// oldestServer is the oldest Redis whose commands and scripts this program relies on.
var oldestServer = [2]int{6, 2}

// waitingServer is the first Redis that tells when what was written has reached the disk.
var waitingServer = [2]int{7, 2}

// CheckServer looks whether Redis keeps what it confirms: an append-only file, no eviction, a version that is new enough. It asks
// every master of a cluster. What a server does not tell is not held against it: hosted and embedded ones tell little. The error
// is of the connection; complaints, each once, are for the caller to judge.
func CheckServer(ctx context.Context, c redis.UniversalClient) ([]Complaint, error) {
	cluster, ok := c.(*redis.ClusterClient)
	if !ok {
		return checkNode(ctx, c)
	}
	var (
		mu   sync.Mutex
		all  []Complaint
		seen = map[Complaint]bool{}
	)
	err := cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error {
		list, err := checkNode(ctx, node)
		mu.Lock()
		defer mu.Unlock()
		for _, complaint := range list {
			if !seen[complaint] {
				seen[complaint] = true
				all = append(all, complaint)
			}
		}
		return err
	})
	return all, err
}

func checkNode(ctx context.Context, c redis.Cmdable) ([]Complaint, error) {
	text, err := c.Info(ctx).Result()
	var refused redis.Error
	if err != nil && !errors.As(err, &refused) {
		return nil, fmt.Errorf("ask redis for its settings: %w", err)
	}
	fields := readFields(text)
	if fsync, err := c.ConfigGet(ctx, "appendfsync").Result(); err == nil { // a user may not be allowed to ask
		fields["appendfsync"] = fsync["appendfsync"]
	}
	return judge(fields), nil
}

// readFields reads the lines "name:value" of INFO.
func readFields(text string) map[string]string {
	fields := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			fields[name] = value
		}
	}
	return fields
}

func judge(fields map[string]string) []Complaint {
	var list []Complaint
	if fields["aof_enabled"] == "0" {
		list = append(list, Complaint{"appendonly", "no",
			"a restart of Redis loses answers that people were told are recorded; set appendonly yes", true})
	}
	if fsync := fields["appendfsync"]; fields["aof_enabled"] == "1" && fsync != "" && fsync != "always" && older(fields["redis_version"], waitingServer) {
		list = append(list, Complaint{"appendfsync", fsync,
			"a power cut loses the answers of the last second; set appendfsync always, or use Redis 7.2 or newer, which can be waited for", false})
	}
	if status := fields["aof_last_write_status"]; status != "" && status != "ok" {
		list = append(list, Complaint{"aof_last_write_status", status,
			"Redis could not write its append-only file and refuses writes; look at its disk", false})
	}
	if policy := fields["maxmemory_policy"]; policy != "" && policy != "noeviction" {
		list = append(list, Complaint{"maxmemory-policy", policy,
			"a full Redis throws away members and answers without a word; set maxmemory-policy noeviction", true})
	}
	if version := fields["redis_version"]; version != "" && older(version, oldestServer) {
		list = append(list, Complaint{"redis_version", version,
			fmt.Sprintf("commands that this program needs are missing; use Redis %d.%d or newer", oldestServer[0], oldestServer[1]), true})
	}
	return list
}

// older reports whether a version is below another one; a version that cannot be read is not.
func older(version string, than [2]int) bool {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return false
	}
	major, errMajor := strconv.Atoi(parts[0])
	minor, errMinor := strconv.Atoi(parts[1])
	if errMajor != nil || errMinor != nil {
		return false
	}
	return major < than[0] || major == than[0] && minor < than[1]
}
