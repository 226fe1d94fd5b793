package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// ErrStale means that the session changed, ended or expired since it was
// loaded: load it again and decide anew.
var ErrStale = errors.New("session is stale")

// Session is where a person is in a dialogue. The zero value is nowhere.
type Session struct {
	// Name is the dialogue; empty: none.
	Name string
	// Step is the place in it.
	Step string
	// Data is what was gathered so far, as the dialogue writes it.
	Data json.RawMessage
	// Draft marks work that took effort: it is kept for Keep.Draft.
	Draft bool
	// Under are dialogues that this one interrupted and that can go on, the latest last.
	Under []Aside
	// Ended says how the last dialogues ended, the latest last.
	Ended []Ended
	// Version is what Load gave, and 0 for a dialogue that starts where none
	// was. It grows with every Save, also across Clear, so that an old button
	// never meets a new dialogue by chance.
	Version int64
}

// Aside is a dialogue that was interrupted.
type Aside struct {
	Name string          `json:"name"`
	Data json.RawMessage `json:"data,omitempty"`
	At   time.Time       `json:"at"`
}

// Ended is how a dialogue ended, and in which state it was.
type Ended struct {
	Name  string `json:"name"`
	Stamp string `json:"stamp"`
	How   string `json:"how"`
}

// Active reports that a dialogue is under way.
func (s Session) Active() bool { return s.Name != "" }

// Keep says how long an untouched session lives. Zero means the default.
type Keep struct {
	// Plain is for ordinary dialogues. Default 24 h.
	Plain time.Duration
	// Draft is for drafts. Default 7 days.
	Draft time.Duration
}

// Store keeps sessions. It is safe for concurrent use.
type Store struct {
	client redis.UniversalClient
	prefix string
	keep   Keep
}

// New builds a Store whose keys begin with prefix.
func New(client redis.UniversalClient, prefix string, keep Keep) *Store {
	if keep.Plain <= 0 {
		keep.Plain = 24 * time.Hour
	}
	if keep.Draft <= 0 {
		keep.Draft = 7 * 24 * time.Hour
	}
	return &Store{client: client, prefix: prefix, keep: keep}
}

// save writes a session if the one there has the expected version.
//
// KEYS: 1 the person's session (hash: version, body).
// ARGV: 1 the expected version, "0" for none; 2 the body; 3 how long to keep
// it, in ms.
// Returns the new version, or -1 when another is there. Versions are
// microseconds of Redis TIME, so they grow even when the key was gone between.
var save = redis.NewScript(`
local have = redis.call('HGET', KEYS[1], 'version') or '0'
if have ~= ARGV[1] then return -1 end
local t = redis.call('TIME')
local version = tonumber(t[1]) * 1000000 + tonumber(t[2])
if version <= tonumber(have) then version = tonumber(have) + 1 end
redis.call('HSET', KEYS[1], 'version', string.format('%.0f', version), 'body', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return version
`)

// body is what is stored beside the version.
type body struct {
	Name  string          `json:"name"`
	Step  string          `json:"step,omitempty"`
	Data  json.RawMessage `json:"data,omitempty"`
	Draft bool            `json:"draft,omitempty"`
	Under []Aside         `json:"under,omitempty"`
	Ended []Ended         `json:"ended,omitempty"`
}

// Load returns the person's session, the zero Session when there is none.
func (s *Store) Load(ctx context.Context, user int64) (Session, error) {
	fields, err := s.client.HGetAll(ctx, s.key(user)).Result()
	if err != nil {
		return Session{}, fmt.Errorf("load session: %w", err)
	}
	if len(fields) == 0 {
		return Session{}, nil
	}
	version, err := strconv.ParseInt(fields["version"], 10, 64)
	if err != nil {
		return Session{}, fmt.Errorf("load session: read version: %w", err)
	}
	var b body
	if err := json.Unmarshal([]byte(fields["body"]), &b); err != nil {
		return Session{}, fmt.Errorf("load session: read body: %w", err)
	}
	return Session{Name: b.Name, Step: b.Step, Data: b.Data, Draft: b.Draft, Under: b.Under, Ended: b.Ended, Version: version}, nil
}

// Save stores the session if it is still the one that was loaded, and renews
// its expiry; otherwise it returns ErrStale and changes nothing. To save
// twice, load in between.
func (s *Store) Save(ctx context.Context, user int64, next Session) error {
	text, err := json.Marshal(body{Name: next.Name, Step: next.Step, Data: next.Data, Draft: next.Draft, Under: next.Under, Ended: next.Ended})
	if err != nil {
		return fmt.Errorf("save session: write body: %w", err)
	}
	keep := s.keep.Plain
	if next.Draft {
		keep = s.keep.Draft
	}
	version, err := save.Run(ctx, s.client, []string{s.key(user)},
		strconv.FormatInt(next.Version, 10), text, keep.Milliseconds()).Int64()
	if err != nil {
		return fmt.Errorf("save session: %w", err)
	}
	if version < 0 {
		return fmt.Errorf("save session: %w", ErrStale)
	}
	return nil
}

// Clear ends whatever dialogue the person is in.
func (s *Store) Clear(ctx context.Context, user int64) error {
	if err := s.client.Del(ctx, s.key(user)).Err(); err != nil {
		return fmt.Errorf("clear session: %w", err)
	}
	return nil
}

func (s *Store) key(user int64) string {
	return s.prefix + ":{u:" + strconv.FormatInt(user, 10) + "}:session"
}
