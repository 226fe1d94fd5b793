package telegram

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Kept remembers under which file_id the server has a file that was made here, so that it is uploaded once. It may forget at any time.
type Kept interface {
	// FileID returns the id kept under a name, or "" when there is none or nobody can say.
	FileID(ctx context.Context, name string) string
	// Keep keeps an id.
	Keep(ctx context.Context, name, id string)
	// Forget drops an id that the server does not take any more.
	Forget(ctx context.Context, name string)
}

const (
	// keptFor is how long an id is kept. Files change with what they tell, so most are not asked for again after days.
	keptFor = 30 * 24 * time.Hour
	// keptPatience bounds the wait for a store that is away: uploading is quicker then.
	keptPatience = 500 * time.Millisecond
)

// RedisKept keeps ids in Redis, for all replicas. What Redis does not answer counts as not kept.
type RedisKept struct {
	client redis.UniversalClient
	prefix string
}

// NewRedisKept keeps ids in keys that begin with prefix.
func NewRedisKept(client redis.UniversalClient, prefix string) *RedisKept {
	return &RedisKept{client: client, prefix: prefix + ":file:"}
}

// FileID implements Kept.
func (k *RedisKept) FileID(ctx context.Context, name string) string {
	ctx, cancel := context.WithTimeout(ctx, keptPatience)
	defer cancel()
	return k.client.Get(ctx, k.prefix+name).Val()
}

// Keep implements Kept.
func (k *RedisKept) Keep(ctx context.Context, name, id string) {
	ctx, cancel := context.WithTimeout(ctx, keptPatience)
	defer cancel()
	_ = k.client.Set(ctx, k.prefix+name, id, keptFor).Err() // not kept: it is uploaded again
}

// Forget implements Kept.
func (k *RedisKept) Forget(ctx context.Context, name string) {
	ctx, cancel := context.WithTimeout(ctx, keptPatience)
	defer cancel()
	_ = k.client.Del(ctx, k.prefix+name).Err() // kept: it is refused and uploaded again
}

// keptName names a file by all that its file_id stands for: an id belongs to one bot and one way of sending, and shows the name with
// which the file was uploaded.
func (d *Door) keptName(method string, file File) string {
	bot, _, _ := strings.Cut(d.token.Reveal(), ":") // the bot's number, which is no secret
	h := sha256.New()
	for _, part := range []string{bot, method, cleanName(file.Name)} {
		_, _ = io.WriteString(h, part+"\x00")
	}
	_, _ = h.Write(file.Bytes)
	return hex.EncodeToString(h.Sum(nil))
}

// sendMade sends a file that was made here: by the id of its first sending, or else, and where the server does not take that id, by
// an upload.
func (d *Door) sendMade(ctx context.Context, method string, file File, send func(File) (Sent, error)) (Sent, error) {
	name := d.keptName(method, file)
	if id := d.kept.FileID(ctx, name); id != "" {
		sent, err := send(File{Name: file.Name, ID: id})
		var e *Error
		if !errors.As(err, &e) || !e.StaleFile() && e.Reason() != reasonFile {
			return sent, err
		}
		d.kept.Forget(ctx, name)
	}
	sent, err := send(file)
	if err == nil && sent.FileID != "" {
		d.kept.Keep(ctx, name, sent.FileID)
	}
	return sent, err
}
