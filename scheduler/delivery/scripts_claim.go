package delivery

import "github.com/redis/go-redis/v9"

// The scripts here move recipients. All take KEYS[1] mailing, KEYS[2] ledger, KEYS[3] leases, KEYS[4] owners, KEYS[5] retries. A
// member of leases and owners is c<n>, a chunk, or r<n>, a single recipient that is tried again. A token is
// fence|incarnation|replica. Every recipient is at any time in exactly one of these places: beyond the cursor, behind a lease,
// in retries, or final; so nothing depends on a key that only one process knows.

// disownScript lets the leases of this replica's earlier incarnations run out at once, so that a restart goes on immediately.
//
//	ARGV[1] incarnation  ARGV[2] replica
//	returns how many
var disownScript = redis.NewScript(`
local owners, n = redis.call('HGETALL', KEYS[4]), 0
for i = 1, #owners, 2 do
  local incarnation, replica = owners[i + 1]:match('^%d+|([^|]*)|(.*)$')
  if replica == ARGV[2] and incarnation ~= ARGV[1] then
    redis.call('ZADD', KEYS[3], 0, owners[i])
    n = n + 1
  end
end
return n
`)

// claimScript leases the next work of a mailing: leases that ran out first, then retries whose time has come, then the next
// chunk. Under never-twice, what a dead owner had announced and not reported becomes unknown; what somebody else announces on a
// lease of its own is shown as a retry, which is none of the chunk's business.
//
//	ARGV[1] incarnation|replica  ARGV[2] lease, ms  ARGV[3] most single recipients
//	ARGV[4] '1' when the mailing has expired: retries are due at once, and a pause does not hold
//	ARGV[5] '1' under never-twice
//	returns {state, 'c', token, chunk, its ledger bytes}
//	     or {state, 'r', token, recipient, byte, recipient, byte, …}
//	     or {state, '-', ms until something may be due; -1 when nothing is known}
var claimScript = redis.NewScript(nowLua + exhaustedLua + `
local state = redis.call('HGET', KEYS[1], 'state')
local expired = ARGV[4] == '1'
if not (state == 'ready' or state == 'running' or (state == 'paused' and expired)) then return {state or '', '-', -1} end
local at, most = now(), tonumber(ARGV[3])
local token
local function lease(member)
  if not token then token = redis.call('HINCRBY', KEYS[1], 'fence', 1) .. '|' .. ARGV[1] end
  redis.call('ZADD', KEYS[3], at + ARGV[2], member)
  redis.call('HSET', KEYS[4], member, token)
end
local function byte(idx)
  return redis.call('GETRANGE', KEYS[2], idx, idx):byte(1) or 0
end
local function chunk(n)
  local first = n * 100
  local bytes = redis.call('GETRANGE', KEYS[2], first, first + 99)
  local out, changed = {}, false
  for i = 1, #bytes do
    local b = bytes:byte(i)
    if b >= 32 and b < 64 then
      local idx = first + i - 1
      if redis.call('HEXISTS', KEYS[4], 'r' .. idx) == 1 then
        b = 64
      elseif ARGV[5] == '1' then
        b = 96
        redis.call('SETRANGE', KEYS[2], idx, string.char(b))
      end
      changed = true
    end
    out[i] = string.char(b)
  end
  if changed then bytes = table.concat(out) end
  lease('c' .. n)
  return {state, 'c', token, n, bytes}
end
if state == 'ready' then
  state = 'running'
  redis.call('HSET', KEYS[1], 'state', state)
end
redis.call('HSETNX', KEYS[1], 'started', at)
local late = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', at, 'LIMIT', 0, most)
if late[1] and late[1]:sub(1, 1) == 'c' then return chunk(tonumber(late[1]:sub(2))) end
local reply, singles = {state, 'r', ''}, 0
local function single(idx, b)
  lease('r' .. idx)
  reply[#reply + 1] = tonumber(idx)
  reply[#reply + 1] = b
  singles = singles + 1
end
for _, member in ipairs(late) do
  if member:sub(1, 1) == 'r' then
    local idx = member:sub(2)
    local b = byte(idx)
    if ARGV[5] == '1' and b >= 32 and b < 64 then
      b = 96
      redis.call('SETRANGE', KEYS[2], idx, string.char(b))
    end
    if b >= 96 then
      redis.call('ZREM', KEYS[3], member)
      redis.call('HDEL', KEYS[4], member)
    else
      single(idx, b)
    end
  end
end
if singles < most then
  local limit = at
  if expired then limit = '+inf' end
  for _, idx in ipairs(redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', limit, 'LIMIT', 0, most - singles)) do
    redis.call('ZREM', KEYS[5], idx)
    local b = byte(idx)
    if b < 96 then single(idx, b) end
  end
end
if singles > 0 then
  reply[3] = token
  return reply
end
local where = redis.call('HMGET', KEYS[1], 'cursor', 'chunks')
if tonumber(where[1]) < tonumber(where[2]) then
  redis.call('HINCRBY', KEYS[1], 'cursor', 1)
  return chunk(tonumber(where[1]))
end
if exhausted() then return {'done', '-', -1} end
local wait = -1
for _, key in ipairs({KEYS[3], KEYS[5]}) do
  local head = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
  if head[2] then
    local ms = math.max(0, tonumber(head[2]) - at)
    if wait < 0 or ms < wait then wait = ms end
  end
end
return {state, '-', wait}
`)

// intentScript announces requests that are about to be written. It is fenced: whoever lost the lease must not write.
//
//	ARGV member, token, recipient, byte; repeated
//	returns {state, for each: 1 write it, 2 already settled, 0 not yours or not now}
var intentScript = redis.NewScript(`
local state = redis.call('HGET', KEYS[1], 'state') or ''
local reply = {state}
for i = 1, #ARGV, 4 do
  local ok = 0
  if state == 'running' and redis.call('HGET', KEYS[4], ARGV[i]) == ARGV[i + 1] then
    local b = redis.call('GETRANGE', KEYS[2], ARGV[i + 2], ARGV[i + 2]):byte(1) or 0
    if b < 96 then
      redis.call('SETRANGE', KEYS[2], ARGV[i + 2], string.char(tonumber(ARGV[i + 3])))
      ok = 1
    else
      ok = 2
    end
  end
  reply[#reply + 1] = ok
end
return reply
`)

// recordScript reports outcomes. Facts are not fenced: what is true stays true whoever says it late, and merging takes the
// larger byte. Retries and releases are fenced: only the owner of a lease decides them. Running it twice changes nothing more.
//
//	ARGV[1] the mailing's life; empty: any
//	then n, then n × (offset, bytes; a zero byte says nothing)
//	then n, then n × (member, token, recipient, byte, delay in ms)
//	then n, then n × (member, token) to give up because all behind it is settled
//	returns state afterwards; '?' when the mailing was put anew since, in which people stand elsewhere, and nothing was written
var recordScript = redis.NewScript(nowLua + exhaustedLua + `
local at = redis.call('HMGET', KEYS[1], 'state', 'created')
local state = at[1]
if not state then return '' end
if ARGV[1] ~= '' and ARGV[1] ~= at[2] then return '?' end
local i = 2
local function take()
  i = i + 1
  return ARGV[i - 1]
end
for _ = 1, tonumber(take()) do
  local offset, new = tonumber(take()), take()
  local old = redis.call('GETRANGE', KEYS[2], offset, offset + #new - 1)
  local out = {}
  for j = 1, #new do
    out[j] = string.char(math.max(old:byte(j) or 0, new:byte(j)))
  end
  local merged = table.concat(out)
  if merged ~= old then redis.call('SETRANGE', KEYS[2], offset, merged) end
end
local live = state == 'ready' or state == 'running' or state == 'paused'
for _ = 1, tonumber(take()) do
  local member, token, idx, new, delay = take(), take(), take(), tonumber(take()), tonumber(take())
  if live and redis.call('HGET', KEYS[4], member) == token then
    local old = redis.call('GETRANGE', KEYS[2], idx, idx):byte(1) or 0
    local again = 'r' .. idx
    if old < 96 and (member == again or redis.call('HEXISTS', KEYS[4], again) == 0) then
      redis.call('SETRANGE', KEYS[2], idx, string.char(new))
      redis.call('ZADD', KEYS[5], now() + delay, idx)
    end
  end
end
for _ = 1, tonumber(take()) do
  local member, token = take(), take()
  if redis.call('HGET', KEYS[4], member) == token then
    redis.call('ZREM', KEYS[3], member)
    redis.call('HDEL', KEYS[4], member)
  end
end
if live and exhausted() then return 'done' end
return state
`)

// beatScript keeps leases.
//
//	ARGV[1] lease, ms, then member, token; repeated
//	returns {state, the members that are lost}
var beatScript = redis.NewScript(nowLua + `
local reply, till = {redis.call('HGET', KEYS[1], 'state') or ''}, now() + ARGV[1]
for i = 2, #ARGV, 2 do
  if redis.call('HGET', KEYS[4], ARGV[i]) == ARGV[i + 1] then
    redis.call('ZADD', KEYS[3], till, ARGV[i])
  else
    reply[#reply + 1] = ARGV[i]
  end
end
return reply
`)

// returnScript hands back leases with work left, for anybody to claim at once. Their owner has nothing in flight, so what it had
// announced under them was not written and is taken back.
//
//	ARGV member, token; repeated
//	returns how many
var returnScript = redis.NewScript(nowLua + `
local n = 0
for i = 1, #ARGV, 2 do
  local member = ARGV[i]
  if redis.call('HGET', KEYS[4], member) == ARGV[i + 1] then
    local at = tonumber(member:sub(2))
    if member:sub(1, 1) == 'r' then
      local b = redis.call('GETRANGE', KEYS[2], at, at):byte(1) or 0
      if b >= 32 and b < 64 then redis.call('SETRANGE', KEYS[2], at, string.char(b + 32)) end
      redis.call('ZREM', KEYS[3], member)
      redis.call('HDEL', KEYS[4], member)
      redis.call('ZADD', KEYS[5], now(), at)
    else
      local bytes = redis.call('GETRANGE', KEYS[2], at * 100, at * 100 + 99)
      for j = 1, #bytes do
        local b, idx = bytes:byte(j), at * 100 + j - 1
        if b >= 32 and b < 64 and redis.call('HEXISTS', KEYS[4], 'r' .. idx) == 0 then
          redis.call('SETRANGE', KEYS[2], idx, string.char(b - 32))
        end
      end
      redis.call('ZADD', KEYS[3], 0, member)
      redis.call('HSET', KEYS[4], member, '-')
    end
    n = n + 1
  end
end
return n
`)

// reassertScript puts leases back in place on a server that may have forgotten them, unless a later token has them. The cursor and the
// fence are raised to where they were; chunks that the cursor passes on the way are put behind a lease that runs out after the others
// have had time for the same, so that nothing is orphaned.
//
//	ARGV[1] lease, ms  ARGV[2] time for the others, ms  ARGV[3] highest fence  ARGV[4] the mailing's life, then member, token;
//	repeated
//	returns {state, the members that are lost}; no state when the server knows no mailing of this life
var reassertScript = redis.NewScript(nowLua + `
local at = redis.call('HMGET', KEYS[1], 'state', 'cursor', 'fence', 'created')
local reply = {at[1] or ''}
if at[4] ~= ARGV[4] or at[1] == 'building' then reply[1] = '' end
if not (reply[1] == 'ready' or reply[1] == 'running' or reply[1] == 'paused') then
  for i = 5, #ARGV, 2 do reply[#reply + 1] = ARGV[i] end
  return reply
end
if at[1] == 'ready' then
  redis.call('HSET', KEYS[1], 'state', 'running')
  reply[1] = 'running'
end
local cursor, fence = tonumber(at[2] or '0'), tonumber(at[3] or '0')
if fence < tonumber(ARGV[3]) then redis.call('HSET', KEYS[1], 'fence', ARGV[3]) end
local till, later = now() + ARGV[1], now() + ARGV[1] + ARGV[2]
for i = 5, #ARGV, 2 do
  local member, token = ARGV[i], ARGV[i + 1]
  local n = tonumber(member:sub(2))
  local have = redis.call('HGET', KEYS[4], member)
  local other = have and tonumber(have:match('^(%d+)|') or '0') or 0
  if other > tonumber(token:match('^%d+')) then
    reply[#reply + 1] = member
  else
    redis.call('ZADD', KEYS[3], till, member)
    redis.call('HSET', KEYS[4], member, token)
    if member:sub(1, 1) == 'r' then
      redis.call('ZREM', KEYS[5], n)
      local b = redis.call('GETRANGE', KEYS[2], n, n):byte(1) or 0
      if b < 64 then redis.call('SETRANGE', KEYS[2], n, string.char(64)) end
    else
      while cursor < n do
        local passed = 'c' .. cursor
        if redis.call('HEXISTS', KEYS[4], passed) == 0 then
          redis.call('ZADD', KEYS[3], later, passed)
          redis.call('HSET', KEYS[4], passed, '-')
        end
        cursor = cursor + 1
      end
      cursor = math.max(cursor, n + 1)
    end
  end
end
redis.call('HSET', KEYS[1], 'cursor', cursor)
return reply
`)
