package redisstore

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Config says where Redis is.
type Config struct {
	// URL is redis://, rediss:// (TLS) or unix://, with the user and password of an ACL. Further hosts stand as ?addr=host:port, a
	// Sentinel's name for the master as ?master_name=; the user of the URL is then the Sentinels', and the servers' stands as
	// ?username=&password=. TLS is told by files: ?tls_ca= whom to trust instead of the system's authorities, ?tls_cert=&tls_key=
	// who we are, ?tls_server_name= whom to expect. Timeouts and the pool's size may be set as go-redis names them, such as
	// ?read_timeout=3s&pool_size=40.
	URL string
	// Mode is single (or empty), sentinel or cluster.
	Mode string
	// Masters, when set, hears which servers the client writes to.
	Masters *Masters
}

const (
	dialTimeout  = time.Second
	readTimeout  = 2 * time.Second
	writeTimeout = 2 * time.Second
	poolSize     = 128 // as many as updates are handled side by side: an answer may hold a connection until it is on the disk
	minIdle      = 2
	// clusterLook is how often the client looks which node is the master of what. A master that died refuses connections and names no
	// successor, so that nothing else tells it.
	clusterLook = time.Second
)

// Connect reads the configuration and returns a client; it does not dial yet. The client never repeats a command by itself, as that
// would count twice what is counted, and it heeds contexts. The one of a Cluster does repeat, while it looks for the right node, a
// command whose answer was lost: every script of this program may be repeated. An error never quotes the URL, which may hold a password.
func Connect(c Config) (redis.UniversalClient, error) {
	text, secure, err := takeTLS(c.URL)
	if err != nil {
		return nil, err
	}
	switch c.Mode {
	case "", "single":
		o, err := redis.ParseURL(text)
		if err != nil {
			return nil, unquoted(text, err)
		}
		o.MaxRetries, o.ContextTimeoutEnabled, o.DialerRetries = -1, true, 1
		o.TLSConfig, o.OnConnect = secure.over(o.TLSConfig), c.Masters.onConnect()
		timeouts(&o.DialTimeout, &o.ReadTimeout, &o.WriteTimeout, &o.PoolSize, &o.MinIdleConns)
		return redis.NewClient(o), nil
	case "sentinel":
		o, err := redis.ParseFailoverURL(text)
		if err != nil {
			return nil, unquoted(text, err)
		}
		if o.MasterName == "" {
			return nil, errors.New("read redis URL: sentinel mode needs master_name in the URL")
		}
		o.MaxRetries, o.ContextTimeoutEnabled, o.DialerRetries = -1, true, 1
		o.TLSConfig, o.OnConnect = secure.over(o.TLSConfig), c.Masters.onConnect()
		timeouts(&o.DialTimeout, &o.ReadTimeout, &o.WriteTimeout, &o.PoolSize, &o.MinIdleConns)
		return redis.NewFailoverClient(o), nil
	case "cluster":
		o, err := redis.ParseClusterURL(text)
		if err != nil {
			return nil, unquoted(text, err)
		}
		o.MaxRetries, o.ContextTimeoutEnabled, o.DialerRetries = -1, true, 1
		o.ReadOnly, o.RouteByLatency, o.RouteRandomly = false, false, false // a replica may be behind what was confirmed
		o.ClusterStateReloadInterval = clusterLook
		o.TLSConfig, o.OnConnect = secure.over(o.TLSConfig), c.Masters.onConnect()
		timeouts(&o.DialTimeout, &o.ReadTimeout, &o.WriteTimeout, &o.PoolSize, &o.MinIdleConns)
		return redis.NewClusterClient(o), nil
	}
	return nil, fmt.Errorf("read redis mode %q: it is single, sentinel or cluster", c.Mode)
}

// timeouts fills what the URL leaves open.
func timeouts(dial, read, write *time.Duration, pool, idle *int) {
	setDefault(dial, dialTimeout)
	setDefault(read, readTimeout)
	setDefault(write, writeTimeout)
	setDefault(pool, poolSize)
	setDefault(idle, min(minIdle, *pool))
}

func setDefault[T comparable](value *T, fallback T) {
	var zero T
	if *value == zero {
		*value = fallback
	}
}

// unquoted takes the URL, and the password with it, out of the reason why the URL could not be read.
func unquoted(text string, err error) error {
	var inner *url.Error
	if errors.As(err, &inner) {
		err = inner.Err
	}
	reason := strings.TrimPrefix(err.Error(), "redis: ")
	if u, parseErr := url.Parse(text); parseErr != nil {
		reason = "it is not a URL" // even the inner reason may quote a part of it
	} else if word, ok := u.User.Password(); ok && word != "" {
		reason = strings.ReplaceAll(reason, word, "xxxxx")
	}
	return fmt.Errorf("read redis URL: %s", reason)
}
