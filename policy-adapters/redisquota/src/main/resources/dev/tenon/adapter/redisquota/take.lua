-- Takes an amount for one key, all of it in one step. Time is Redis' own, in microseconds.
-- A counter says itself which limit it is under, so that look.lua can tell how it stands.
-- KEYS: the counter (a hash), its parts of a rolling window (a sorted set), the answer to a repeated question.
-- ARGV: kind, max, window, burst, amount, most, share, hold, remember (0: the question is not repeated), least (1 where less than the
-- amount will do, else the amount); then threes of mark, amount, before: so much of an earlier grant was spent so long before the moment that a rolling window took for its last, or,
-- with the largest number, never.
local kind, max, window, burst = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local amount, most, share, hold = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local remember, least = tonumber(ARGV[9]), tonumber(ARGV[10])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
if remember > 0 then
  local before = redis.call('GET', KEYS[3])
  if before then
    -- The grant has become older: what is left of it is valid for so much less.
    local answer = cjson.decode(before)
    local since = math.max(0, now - tonumber(answer[5]))
    for _, each in ipairs({2, 4}) do answer[each] = string.format('%.0f', math.max(0, tonumber(answer[each]) - since)) end
    return answer
  end
end
-- A clock that was set back stands still until it is where it was.
local seen = tonumber(redis.call('HGET', KEYS[1], 't') or '0')
if seen > now then now = seen end
if most > amount then hold = math.max(hold, math.floor(window / 40)) end
hold = math.min(hold, window)

-- A part is a thousandth of the window, and counts until a window after its end.
local grain = math.max(1, math.floor(window / 1024))
local function stop(moment) return (math.floor(moment / grain) + 1) * grain end
local function count(stop, much)
  local part = 'p' .. string.format('%.0f', stop)
  redis.call('ZADD', KEYS[2], string.format('%.0f', stop), part)
  redis.call('HINCRBY', KEYS[1], part, string.format('%.0f', much))
end

local limit, used = max, 0
local start, back = 0, 0
if kind == 'FIXED' then
  start = tonumber(redis.call('HGET', KEYS[1], 's') or '0')
  used = tonumber(redis.call('HGET', KEYS[1], 'u') or '0')
  if used == 0 or now - start >= window then start, used = now, 0 end
elseif kind == 'ROLLING' then
  local over = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - window)
  used = tonumber(redis.call('HGET', KEYS[1], 'u') or '0')
  for _, part in ipairs(over) do
    used = used - tonumber(redis.call('HGET', KEYS[1], part) or '0')
    redis.call('HDEL', KEYS[1], part)
  end
  if #over > 0 then redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - window) end
  for i = 11, #ARGV - 2, 3 do
    local mark, much, before = tonumber(ARGV[i]), tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
    local part = 'p' .. string.format('%.0f', stop(mark))
    local there = tonumber(redis.call('HGET', KEYS[1], part) or '0')
    much = math.min(much, there)
    if much > 0 then
      used = used - much
      if much < there then
        redis.call('HINCRBY', KEYS[1], part, string.format('%.0f', -much))
      else
        redis.call('HDEL', KEYS[1], part)
        redis.call('ZREM', KEYS[2], part)
      end
      if before < 4611686018427387 and stop(mark - before) > now - window then
        count(stop(mark - before), much)
        used = used + much
      end
    end
  end
  if used < 0 then used = 0 end
else
  limit = burst
  back = tonumber(redis.call('HGET', KEYS[1], 'b') or '0')
  if back < now then back = now end
  used = math.min(burst, math.ceil((back - now) * max / window - 0.000001))
end

local left = math.max(0, limit - used)
local granted = 0
if left >= amount then granted = math.max(amount, math.min(most, math.floor(left / share))) elseif left >= least then granted = left end
if granted > 0 then
  if kind == 'FIXED' then
    redis.call('HSET', KEYS[1], 's', string.format('%.0f', start))
  elseif kind == 'ROLLING' then
    count(stop(now + hold), granted)
  else
    back = back + granted * window / max
    redis.call('HSET', KEYS[1], 'b', string.format('%.3f', back))
  end
  used = used + granted
end
redis.call('HSET', KEYS[1], 'u', string.format('%.0f', used), 't', string.format('%.0f', now), 'm', string.format('%.0f', max),
  'k', kind, 'w', string.format('%.0f', window), 'q', string.format('%.0f', burst))
local keep = math.ceil((window + hold) / 1000) + 1000
if kind == 'GCRA' then keep = keep + math.ceil((back - now) / 1000) end
redis.call('PEXPIRE', KEYS[1], keep)
if kind == 'ROLLING' then redis.call('PEXPIRE', KEYS[2], keep) end

local reset, valid, mark = 0, 0, 0
if kind == 'FIXED' then
  reset = window - (now - start)
  valid = reset
elseif kind == 'ROLLING' then
  local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
  if first[2] then reset = math.min(window, math.max(0, tonumber(first[2]) + window - now)) end
  valid = granted == 0 and reset or (hold > 0 and hold or window)
  if granted > 0 and hold > 0 then mark = now + hold end
else
  reset = math.max(0, math.ceil(back - now))
  valid = granted == 0 and math.max(1, math.ceil(back - now - burst * window / max + least * window / max)) or (hold > 0 and hold or window)
end
local answer = {string.format('%.0f', granted), string.format('%.0f', valid), string.format('%.0f', math.max(0, limit - used)), string.format('%.0f', reset), string.format('%.0f', now), string.format('%.0f', mark)}
if remember > 0 and granted > 0 then redis.call('SET', KEYS[3], cjson.encode(answer), 'PX', remember) end
return answer
