package pace

import "github.com/redis/go-redis/v9"

// Every script works on lanes, one hash each:
//
//	tat     when the next slot may be, µs of Redis time
//	until   when the last block ends, µs of Redis time
//	factor  the part of the pace that was left after the last block
//	d<c>    when a caller last wanted slots for class c and got too few, µs
//	l<c>    when class c may have its next slot while a higher one wants them
//	pushed  how far late requests have put the slots off, all in all, µs
//	sec, n  the newest second and how many paid slots it has
//	month, spent  how many slots of that month had to be paid for
//	poor    until when nothing is paid for, µs
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
// slot that is given out early cannot be called back when a block comes. While
// a higher class wants slots, a lower one gets one in twenty.
//
// KEYS: 1 the lane.
// ARGV: 1 how many; 2 µs between slots at full pace; 3 the horizon, µs; 4
// hold, µs; 5 ramp, µs; 6 the class; 7 how many more it would take; 8 µs
// between paid slots, 0: never; 9 how many slots a month may be paid for; 10
// the month; 11 how much time the slots may cover, µs; 0: any.
// Returns {1, µs from now to the first slot, µs between them, 1 when paid, now,
// pushed, how many}, or {0, µs to wait before asking again, 0, 0, now, 0, 0}.
var reserve = redis.NewScript(effective + `
local tat, ended, factor = read(KEYS[1])
local n, base, horizon = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local hold, ramp, class = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local start = math.max(tat, now, ended)
local wanted = 'd' .. class
if start - now > horizon then
  redis.call('HSET', KEYS[1], wanted, string.format('%.0f', now))
  return {0, math.ceil(start - now - horizon), 0, 0, now, 0, 0}
end
local f = effective(factor, start, ended, hold, ramp)
-- Whoever asks does not know at what rate it will be answered.
local function covered(gap)
  if ARGV[11] == '0' then return tonumber(ARGV[1]) end
  return math.max(1, math.min(tonumber(ARGV[1]), math.floor(tonumber(ARGV[11]) * f / gap)))
end
n = covered(base)
local paid, spent, sec, count = 0, 0, math.floor(start / 1000000), 0
if tonumber(ARGV[8]) > 0 then
  local h = redis.call('HMGET', KEYS[1], 'month', 'spent', 'sec', 'n', 'poor')
  if h[1] == ARGV[10] then spent = tonumber(h[2] or 0) end
  if tonumber(h[3] or 0) == sec then count = tonumber(h[4] or 0) end
  local many = covered(tonumber(ARGV[8]))
  local cost = math.max(0, count + many - 30) - math.max(0, count - 30)
  if spent < tonumber(ARGV[9]) and tonumber(h[5] or 0) <= now then
    if spent + cost > tonumber(ARGV[9]) then
      -- The money is used up, but for less than this call takes. The free slots
      -- begin a second after the last paid one, which they would be added to.
      redis.call('HSET', KEYS[1], 'month', ARGV[10], 'spent', ARGV[9], 'tat', string.format('%.0f', start + 1000000))
      return {0, math.ceil(start + 1000000 - now - horizon), 0, 0, now, 0, 0}
    end
    paid, base, spent, n = 1, tonumber(ARGV[8]), spent + cost, many
  end
end
local gap = math.ceil(base / f)
local behind = false
for c = 0, class - 1 do
  local at = tonumber(redis.call('HGET', KEYS[1], 'd' .. c) or 0)
  if at > 0 and now - at < 250000 + 2 * gap then behind = true end
end
if behind then
  local turn = tonumber(redis.call('HGET', KEYS[1], 'l' .. class) or 0)
  if now < turn then
    redis.call('HSET', KEYS[1], wanted, string.format('%.0f', now))
    return {0, math.ceil(math.min(math.max(gap, 5000), 50000)), 0, 0, now, 0, 0}
  end
  redis.call('HSET', KEYS[1], 'l' .. class, string.format('%.0f', start + 20 * n * gap))
end
redis.call('HSET', KEYS[1], 'tat', string.format('%.0f', start + n * gap))
if tonumber(ARGV[7]) > 0 or n < tonumber(ARGV[1]) then
  redis.call('HSET', KEYS[1], wanted, string.format('%.0f', now))
else
  redis.call('HDEL', KEYS[1], wanted)
end
if paid == 1 then
  redis.call('HSET', KEYS[1], 'month', ARGV[10], 'spent', spent, 'sec', string.format('%.0f', sec), 'n', count + n)
end
-- What was spent has to outlive its month.
local keep = math.ceil((start - now + n * gap + 3 * hold) / 1000)
if redis.call('HEXISTS', KEYS[1], 'month') == 1 then keep = math.max(keep, 32 * 86400000) end
redis.call('PEXPIRE', KEYS[1], keep)
return {1, start - now, gap, paid, now, tonumber(redis.call('HGET', KEYS[1], 'pushed') or 0), n}
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
  local keep = math.ceil((ended - now + 3 * hold) / 1000)
  if redis.call('HEXISTS', key, 'month') == 1 then keep = math.max(keep, 32 * 86400000) end
  redis.call('PEXPIRE', key, keep)
end
return 1
`)

// late puts the slots of a lane off after a request that was late for its own,
// less what they were put off since that was given out: the slots of one
// second are put off once by the latest of those before them, not by all.
//
// KEYS: 1 the lane. ARGV: 1 how late, µs; 2 pushed when the slot was given out.
// Returns how far they are put off, µs.
var late = redis.NewScript(`
local h = redis.call('HMGET', KEYS[1], 'tat', 'pushed')
if not h[1] then return 0 end
local pushed, by = tonumber(h[2] or 0), tonumber(ARGV[1])
local since = pushed - tonumber(ARGV[2])
if since > 0 then by = by - since end
if by <= 0 then return 0 end
redis.call('HSET', KEYS[1], 'tat', string.format('%.0f', tonumber(h[1]) + by), 'pushed', string.format('%.0f', pushed + by))
return by
`)

// back gives slots back that are the last of a lane.
//
// KEYS: 1 the lane. ARGV: 1 where they begin, µs; 2 where they end, µs.
// Returns 1, or 0 when others were given out since, or slots were put off.
var back = redis.NewScript(`
if tonumber(redis.call('HGET', KEYS[1], 'tat') or 0) ~= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'tat', ARGV[1])
return 1
`)

// poor keeps a lane from paying for a while.
//
// KEYS: 1 the lane. ARGV: 1 for how long, µs; 2 hold, µs.
// Returns 1.
var poor = redis.NewScript(effective + `
redis.call('HSET', KEYS[1], 'poor', string.format('%.0f', now + ARGV[1]))
local keep = math.ceil((ARGV[1] + 3 * ARGV[2]) / 1000)
redis.call('PEXPIRE', KEYS[1], math.max(keep, redis.call('PTTL', KEYS[1])))
return 1
`)

// look reads a lane.
//
// KEYS: 1 the lane. ARGV: 1 hold, µs; 2 ramp, µs; 3 the month.
// Returns {µs until the block ends or 0, the effective factor × 1,000,000,
// slots of the month that were paid for, 1 when nothing is paid for now}.
var look = redis.NewScript(effective + `
local _, ended, factor = read(KEYS[1])
local at = math.max(now, ended)
local f = effective(factor, at, ended, tonumber(ARGV[1]), tonumber(ARGV[2]))
local h = redis.call('HMGET', KEYS[1], 'month', 'spent', 'poor')
local spent, without = 0, 0
if h[1] == ARGV[3] then spent = tonumber(h[2] or 0) end
if tonumber(h[3] or 0) > now then without = 1 end
return {math.max(0, ended - now), math.floor(f * 1000000), spent, without}
`)
