package redistest

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// ServerVariable names the environment variable that points at a redis-server
// binary. When it is empty the binary is looked for on PATH; when it is "none"
// there is no server, whatever the machine has.
const ServerVariable = "BRIEFBOT_REDIS_SERVER"

// none is the value of ServerVariable that leaves the embedded Redis alone.
const none = "none"

// Each runs body as the subtests "embedded" and "server", each time with a
// client of a fresh, empty database. The second is skipped, visibly, when the
// machine has no redis-server.
func Each(t *testing.T, body func(t *testing.T, c *redis.Client)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) {
		body(t, Client(t, URL(t)))
	})
	t.Run("server", func(t *testing.T) {
		body(t, Server(t).Client(t))
	})
}

// URL starts an embedded Redis that lives as long as the test and returns its
// address as a redis:// URL.
//
// The embedded server's clock for TIME is the real one; keys that expire do so
// only when the test says so (see Embedded).
func URL(t *testing.T) string {
	t.Helper()
	return "redis://" + Embedded(t).Addr() + "/0"
}

// Embedded starts an embedded Redis that lives as long as the test and returns
// it whole, for tests that move its clock (SetTime, FastForward).
func Embedded(t *testing.T) *miniredis.Miniredis {
	t.Helper()
	return miniredis.RunT(t)
}

// Client connects to a redis:// or unix:// URL with the options the product
// uses everywhere, and closes with the test.
func Client(t *testing.T, url string) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(url)
	if err != nil {
		t.Fatalf("read redis URL: %v", err)
	}
	options.MaxRetries = -1
	options.ContextTimeoutEnabled = true
	options.ReadTimeout = 5 * time.Second
	options.DialTimeout = time.Second
	client := redis.NewClient(options)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// Binary finds redis-server, or returns "" when tests have to do without.
func Binary() string {
	switch named := os.Getenv(ServerVariable); named {
	case none:
		return ""
	case "":
	default:
		return named
	}
	found, err := exec.LookPath("redis-server")
	if err != nil {
		return ""
	}
	return found
}

// flush empties the database behind c.
func flush(t *testing.T, c *redis.Client) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := c.FlushAll(ctx).Err(); err != nil {
		t.Fatalf("empty redis: %v", err)
	}
}
