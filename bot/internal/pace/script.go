package pace

import "github.com/redis/go-redis/v9"

// Every script works on lanes, one hash each:
//
//	tat     when the next slot may be, µs of Redis time
//	until   when the last block ends, µs of Redis time
//	factor  the part of the pace that was left after the last block
//
// effective is the part of the pace that holds at a time: the factor for
// `hold` µs after the block, then rising to 1 within as long; and half of
// that at the end of a block, rising within `ramp` µs.
const effective = `
local function settled(factor, at, ended, hold)
  if factor >= 1 or at - ended >= 2 * hold then return 1 end
  if at - ended <= hold then return factor end
  return factor + (1 - factor) * (at - ended - hold) / hold
end
local function effective(factor, at, ended, hold, ramp)
  local f = settled(factor, at, ended, hold)
  if ended > 0 and at - ended < ramp then f = f * (0.5 + 0.5 * (at - ended) / ramp) end
  return f
end
local function read(key)
  local h = redis.call('HMGET', key, 'tat', 'until', 'factor')
  return tonumber(h[1] or 0), tonumber(h[2] or 0), tonumber(h[3] or 1)
end
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000000 + tonumber(t[2])
`

// reserve takes the next slots of a lane, unless they lie too far ahead: a
// slot that is given out early cannot be called back when a block comes.
//
// KEYS: 1 the lane.
// ARGV: 1 how many; 2 µs between slots at full pace; 3 the horizon, µs; 4
// hold, µs; 5 ramp, µs.
// Returns {1, µs from now to the first slot, µs between them}, or {0, µs to
// wait before asking again, 0}.
var reserve = redis.NewScript(effective + `
local tat, ended, factor = read(KEYS[1])
local n, base, horizon = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local hold, ramp = tonumber(ARGV[4]), tonumber(ARGV[5])
local start = math.max(tat, now, ended)
if start - now > horizon then return {0, math.ceil(start - now - horizon), 0} end
local gap = math.ceil(base / effective(factor, start, ended, hold, ramp))
redis.call('HSET', KEYS[1], 'tat', string.format('%.0f', start + n * gap))
redis.call('PEXPIRE', KEYS[1], math.ceil((start - now + n * gap + 3 * hold) / 1000))
return {1, start - now, gap}
`)

// block stops lanes and lowers their pace. Several refusals of one moment are
// one: only the first of a block lowers it.
//
// KEYS: the lanes.
// ARGV: 1 for how long, µs; 2 hold, µs; 3 the factor of one lowering; 4 the
// least factor.
// Returns 1.
var block = redis.NewScript(effective + `
local wait, hold = tonumber(ARGV[1]), tonumber(ARGV[2])
for _, key in ipairs(KEYS) do
  local _, ended, factor = read(key)
  if now >= ended then
    factor = math.max(tonumber(ARGV[4]), settled(factor, now, ended, hold) * tonumber(ARGV[3]))
  end
  ended = math.max(ended, now + wait)
  redis.call('HSET', key, 'until', string.format('%.0f', ended), 'factor', tostring(factor))
  redis.call('PEXPIRE', key, math.ceil((ended - now + 3 * hold) / 1000))
end
return 1
`)

// look reads a lane.
//
// KEYS: 1 the lane. ARGV: 1 hold, µs; 2 ramp, µs.
// Returns {µs until the block ends or 0, the effective factor × 1,000,000}.
var look = redis.NewScript(effective + `
local _, ended, factor = read(KEYS[1])
local at = math.max(now, ended)
local f = effective(factor, at, ended, tonumber(ARGV[1]), tonumber(ARGV[2]))
return {math.max(0, ended - now), math.floor(f * 1000000)}
`)
