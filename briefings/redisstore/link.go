package redisstore

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"briefbot/briefings"
)

// A link's token is 128 random bits; Redis keeps its SHA-256 only, so that nobody who reads the store can join in another's name.

const (
	// claimHeld is for how long one person's claim of a link keeps others off it. A process that dies in between leaves the link
	// as it was; whether the account was already linked is then the rule's to say.
	claimHeld = 15 * time.Second
	// teardown bounds what is still written after a caller gave up.
	teardown = 5 * time.Second
)

// NewLink makes an invite link for a member, valid for ttl, in place of an earlier one. The token has 22 characters of base64url.
func (s *Store) NewLink(ctx context.Context, id briefings.MemberID, ttl time.Duration) (token string, err error) {
	token = randomToken()
	k := s.keys
	answer, err := s.run(ctx, putLink, []string{k.ids(), k.links(), k.linked()}, string(id), hashed(token), ttl.Milliseconds())
	if err == nil && answer != "ok" {
		err = briefings.ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("make link for member %s: %w", id, err)
	}
	return token, nil
}

// putLink files a link and drops the member's earlier one.
//
//	KEYS 1 ids, 2 links, 3 linked
//	ARGV 1 member, 2 hash of the token, 3 validity in milliseconds
//
// Returns ok; missing when there is no such member. A link is "expiry, held until, claim, member", times in Unix milliseconds.
var putLink = redis.NewScript(`
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 'missing' end
local t = redis.call('TIME')
local expiry = t[1] * 1000 + math.floor(t[2] / 1000) + tonumber(ARGV[3])
local old = redis.call('HGET', KEYS[3], ARGV[1])
if old then redis.call('HDEL', KEYS[2], old) end
redis.call('HSET', KEYS[2], ARGV[2], string.format('%.0f 0 - %s', expiry, ARGV[1]))
redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
return 'ok'
`)

// PeekLink returns whose link a token is, without using it. ErrNotFound when it is unknown, used or expired.
func (s *Store) PeekLink(ctx context.Context, token string) (briefings.MemberID, error) {
	_, id, err := s.holdLink(ctx, token, "")
	if err != nil {
		return "", fmt.Errorf("look at link: %w", err)
	}
	return id, nil
}

// ClaimLink uses a link once: rule runs with its member, and the link is gone if rule succeeds (or finds nothing to change). A
// rule that fails leaves the link as it was and its error passes through. Of several claims at once one runs and the others wait
// for its outcome; ErrConflict when it does not come within a second. ErrNotFound when the token is unknown, used or expired.
func (s *Store) ClaimLink(ctx context.Context, token string, rule func(briefings.MemberID) error) (briefings.MemberID, error) {
	claim := randomToken()
	var id briefings.MemberID
	err := again(ctx, func() (bool, error) {
		held, member, err := s.holdLink(ctx, token, claim)
		id = member
		return held, err
	})
	if err != nil {
		return "", fmt.Errorf("claim link: %w", err)
	}
	failed := rule(id)
	used := failed == nil || errors.Is(failed, briefings.ErrUnchanged)
	if err := s.settleLink(ctx, token, claim, id, used); err != nil && used { // a link that stays held is free again by itself
		return id, fmt.Errorf("claim link: %w", err)
	}
	if !used {
		return "", failed
	}
	return id, nil
}

// holdLink takes a link for a claim; an empty claim only looks. It is false while another claim holds it.
func (s *Store) holdLink(ctx context.Context, token, claim string) (held bool, id briefings.MemberID, err error) {
	answer, err := s.run(ctx, holdLink, []string{s.keys.links()}, hashed(token), claim, claimHeld.Milliseconds())
	if err != nil {
		return false, "", err
	}
	word, member, _ := strings.Cut(answer, " ")
	if word == "gone" {
		return false, "", briefings.ErrNotFound
	}
	return word == "held", briefings.MemberID(member), nil
}

// holdLink reads a link and holds it for a claim.
//
//	KEYS 1 links
//	ARGV 1 hash of the token, 2 claim (empty: only look), 3 how long to hold in milliseconds
//
// Returns "held member", "busy member" while another claim holds it, "seen member" when only looking, or gone.
var holdLink = redis.NewScript(`
local row = redis.call('HGET', KEYS[1], ARGV[1])
if not row then return 'gone' end
local expiry, busy, claim, member = string.match(row, '^(%S+) (%S+) (%S+) (.+)$')
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
if now >= tonumber(expiry) then return 'gone' end
if ARGV[2] == '' then return 'seen ' .. member end
if claim ~= ARGV[2] and now < tonumber(busy) then return 'busy ' .. member end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%s %.0f %s %s', expiry, now + tonumber(ARGV[3]), ARGV[2], member))
return 'held ' .. member
`)

// settleLink ends a claim, even when the caller's time has run out meanwhile: the link is used up, or free again.
func (s *Store) settleLink(ctx context.Context, token, claim string, id briefings.MemberID, used bool) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), teardown)
	defer cancel()
	verdict := ""
	if used {
		verdict = "1"
	}
	_, err := s.run(ctx, settleLink, []string{s.keys.links(), s.keys.linked()}, hashed(token), claim, string(id), verdict)
	return err
}

// settleLink ends a claim.
//
//	KEYS 1 links, 2 linked
//	ARGV 1 hash of the token, 2 claim, 3 member, 4 whether the link is used up (empty: free again)
//
// Returns ok; other when the link is gone already or another claim holds it.
var settleLink = redis.NewScript(`
local row = redis.call('HGET', KEYS[1], ARGV[1])
if not row then return 'other' end
local expiry, busy, claim, member = string.match(row, '^(%S+) (%S+) (%S+) (.+)$')
if ARGV[4] ~= '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
  if redis.call('HGET', KEYS[2], ARGV[3]) == ARGV[1] then redis.call('HDEL', KEYS[2], ARGV[3]) end
  return 'ok'
end
if claim ~= ARGV[2] then return 'other' end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%s 0 - %s', expiry, member))
return 'ok'
`)

func randomToken() string {
	var bits [16]byte
	_, _ = rand.Read(bits[:]) // crypto/rand never returns an error
	return base64.RawURLEncoding.EncodeToString(bits[:])
}

func hashed(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
