package lease

import "github.com/redis/go-redis/v9"

const nowLua = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
`

// acquireScript takes a lease that is free, has run out, or belongs to an earlier life of the same replica. Whoever takes it
// gets a fence that nobody had before.
//
//	KEYS[1] lease
//	ARGV[1] replica  ARGV[2] incarnation  ARGV[3] ms
//	returns {fence, 0}, or {0, ms until it runs out}
var acquireScript = redis.NewScript(nowLua + `
local at = redis.call('HMGET', KEYS[1], 'holder', 'incarnation', 'until')
local left = tonumber(at[3] or '0') - now
if left > 0 and at[1] ~= ARGV[1] then return {0, left} end
local fence = redis.call('HINCRBY', KEYS[1], 'fence', 1)
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'incarnation', ARGV[2], 'until', now + ARGV[3])
return {fence, 0}
`)

// renewScript keeps a lease.
//
//	KEYS[1] lease
//	ARGV[1] fence  ARGV[2] ms
//	returns 1, or 0 when somebody else took it
var renewScript = redis.NewScript(nowLua + `
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'until', now + ARGV[2])
return 1
`)

// releaseScript lets a lease run out.
//
//	KEYS[1] lease
//	ARGV[1] fence
//	returns 1, or 0 when somebody else took it
var releaseScript = redis.NewScript(`
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'until', 0)
return 1
`)
