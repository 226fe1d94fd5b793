package delivery

import "github.com/redis/go-redis/v9"

// nowLua defines now(): milliseconds of Redis' own clock, the one clock that all replicas share.
const nowLua = `
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
`

// exhaustedLua defines exhausted(): marks the mailing done when the cursor is at the end and nothing is claimed or waits.
const exhaustedLua = `
local function exhausted()
  local at = redis.call('HMGET', KEYS[1], 'cursor', 'chunks')
  if tonumber(at[1]) < tonumber(at[2]) then return false end
  if redis.call('ZCARD', KEYS[3]) > 0 or redis.call('ZCARD', KEYS[5]) > 0 then return false end
  redis.call('HSET', KEYS[1], 'state', 'done', 'finished', now())
  return true
end
`

// beginScript starts the building of a snapshot, or starts it anew when an earlier builder left it half-way.
//
//	KEYS[1] mailing
//	ARGV[1] mailing as JSON
//	returns {state, number of this build; 0 when there is nothing to build}
var beginScript = redis.NewScript(nowLua + `
local state = redis.call('HGET', KEYS[1], 'state')
if state and state ~= 'building' then return {state, 0} end
if not state then redis.call('HSET', KEYS[1], 'state', 'building', 'created', now()) end
redis.call('HSET', KEYS[1], 'mailing', ARGV[1])
return {'building', redis.call('HINCRBY', KEYS[1], 'build', 1)}
`)

// blockScript writes one block of the snapshot. A builder that another one has overtaken writes nothing.
//
//	KEYS[1] mailing  KEYS[2] block  KEYS[3] message ids of the block, only for kinds that keep them
//	ARGV[1] number of the build  ARGV[2] number of the block  ARGV[3] member numbers, 4 bytes each, little endian
//	returns 1, or 0 when this build is no longer the current one
//
// The room for the message ids is taken here, at its full length: a string that grows by SETRANGE doubles what it takes, which
// would be half as much again.
var blockScript = redis.NewScript(`
local at = redis.call('HMGET', KEYS[1], 'state', 'build', 'blocks')
if at[1] ~= 'building' or at[2] ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[3])
if KEYS[3] then redis.call('SETRANGE', KEYS[3], #ARGV[3] - 1, '\0') end
if tonumber(ARGV[2]) >= tonumber(at[3] or '0') then redis.call('HSET', KEYS[1], 'blocks', ARGV[2] + 1) end
return 1
`)

// readyScript is the one write that makes a snapshot valid. An audience of nobody is done at once.
//
//	KEYS[1] mailing  KEYS[2] ledger
//	ARGV[1] number of the build  ARGV[2] recipients  ARGV[3] chunks
//	returns 1, or 0 when this build is no longer the current one
var readyScript = redis.NewScript(nowLua + `
local at = redis.call('HMGET', KEYS[1], 'state', 'build')
if at[1] ~= 'building' or at[2] ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
local state = 'ready'
if tonumber(ARGV[2]) == 0 then
  state = 'done'
  redis.call('HSET', KEYS[1], 'finished', now())
else
  redis.call('SETRANGE', KEYS[2], ARGV[2] - 1, '\0')
end
redis.call('HSET', KEYS[1], 'state', state, 'total', ARGV[2], 'chunks', ARGV[3], 'cursor', 0, 'fence', 0)
return 1
`)

// moveScript changes the state of a mailing by compare-and-set.
//
//	KEYS[1] mailing
//	ARGV[1] expected state  ARGV[2] new state  ARGV[3] why, or ''
//	returns the state afterwards, or '' when there is no such mailing
var moveScript = redis.NewScript(nowLua + `
local state = redis.call('HGET', KEYS[1], 'state')
if not state then return '' end
if state ~= ARGV[1] then return state end
redis.call('HSET', KEYS[1], 'state', ARGV[2])
if ARGV[3] ~= '' then redis.call('HSET', KEYS[1], 'why', ARGV[3]) else redis.call('HDEL', KEYS[1], 'why') end
if ARGV[2] == 'cancelled' or ARGV[2] == 'aborted' then redis.call('HSET', KEYS[1], 'finished', now()) end
return ARGV[2]
`)

// resendScript makes the recipients with a mark in one stretch of the ledger wait for another try, and opens a mailing again
// that was done.
//
//	KEYS[1] mailing  KEYS[2] ledger  KEYS[3] retries
//	ARGV[1] offset  ARGV[2] length, at most a block  ARGV[3] mark  ARGV[4] byte of a fresh retry
//	returns {state before, how many}
var resendScript = redis.NewScript(nowLua + `
local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'done' and state ~= 'ready' and state ~= 'running' and state ~= 'paused' then return {state or '', 0} end
local offset, mark, fresh = tonumber(ARGV[1]), tonumber(ARGV[3]), string.char(tonumber(ARGV[4]))
local ledger = redis.call('GETRANGE', KEYS[2], offset, offset + ARGV[2] - 1)
local at, out, n = now(), {}, 0
for i = 1, #ledger do
  local b = ledger:byte(i)
  if math.floor(b / 32) == mark then
    out[i] = fresh
    redis.call('ZADD', KEYS[3], at, offset + i - 1)
    n = n + 1
  else
    out[i] = string.char(b)
  end
end
if n > 0 then
  redis.call('SETRANGE', KEYS[2], offset, table.concat(out))
  if state == 'done' then
    redis.call('HSET', KEYS[1], 'state', 'running')
    redis.call('HDEL', KEYS[1], 'finished')
  end
end
return {state, n}
`)

// reasonScript gives a word its code in this mailing: 1 to 30, and 31 for everything after the thirtieth word.
//
//	KEYS[1] reasons
//	ARGV[1] word
//	returns code
var reasonScript = redis.NewScript(`
local code = redis.call('HGET', KEYS[1], ARGV[1])
if code then return tonumber(code) end
local n = redis.call('HLEN', KEYS[1]) + 1
if n > 30 then return 31 end
redis.call('HSET', KEYS[1], ARGV[1], n)
return n
`)
