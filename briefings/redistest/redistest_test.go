package redistest_test

import (
	"testing"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings/redistest"
)

func TestEveryDatabaseStartsEmpty(t *testing.T) {
	for range 2 {
		redistest.Each(t, func(t *testing.T, c *redis.Client) {
			size, err := c.DBSize(t.Context()).Result()
			if err != nil || size != 0 {
				t.Fatalf("DBSIZE = %d, %v; want 0", size, err)
			}
			if err := c.Set(t.Context(), "k", "v", 0).Err(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestWhatWasAcknowledgedSurvivesKill(t *testing.T) {
	server := redistest.Server(t)
	c := server.Client(t)
	if err := c.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	server.Kill(t)
	if err := c.Get(t.Context(), "k").Err(); err == nil {
		t.Fatal("a killed server answered")
	}
	server.Restart(t)
	if got, err := c.Get(t.Context(), "k").Result(); err != nil || got != "v" {
		t.Fatalf("GET after restart = %q, %v; want v", got, err)
	}
	server.Flush(t)
	if n := c.Exists(t.Context(), "k").Val(); n != 0 {
		t.Fatal("Flush left a key")
	}
}

func TestNoneLeavesTheEmbeddedRedisAlone(t *testing.T) {
	t.Setenv(redistest.ServerVariable, "none")
	if got := redistest.Binary(); got != "" {
		t.Errorf("Binary() = %q, want none", got)
	}
	t.Setenv(redistest.ServerVariable, "/opt/redis/redis-server")
	if got := redistest.Binary(); got != "/opt/redis/redis-server" {
		t.Errorf("Binary() = %q, want the one that was named", got)
	}
}
