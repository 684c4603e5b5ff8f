-- Tells how counters stand, and changes nothing. Time is Redis' own, in microseconds, as in take.lua.
-- KEYS: for each counter its hash, and its parts of a rolling window. Answers for each: spent, limit, left, reset; nothing for
-- what is no counter.
local time = redis.call('TIME')
local all = {}
for i = 1, #KEYS, 2 do
  local f = redis.pcall('HMGET', KEYS[i], 'k', 'm', 'w', 'q', 'u', 't', 's', 'b')
  if f.err then f = {} end
  local now = math.max(tonumber(time[1]) * 1000000 + tonumber(time[2]), tonumber(f[6] or '0'))
  local limit, window, used = tonumber(f[2] or '0'), tonumber(f[3] or '0'), tonumber(f[5] or '0')
  local reset = 0
  if f[1] == 'FIXED' then
    local start = tonumber(f[7] or '0')
    if used == 0 or now - start >= window then used = 0 else reset = window - (now - start) end
  elseif f[1] == 'ROLLING' then
    for _, part in ipairs(redis.call('ZRANGEBYSCORE', KEYS[i + 1], '-inf', now - window)) do
      used = used - tonumber(redis.call('HGET', KEYS[i], part) or '0')
    end
    local first = redis.call('ZRANGEBYSCORE', KEYS[i + 1], '(' .. string.format('%.0f', now - window), '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
    if first[2] then reset = math.min(window, math.max(0, tonumber(first[2]) + window - now)) end
  elseif f[1] == 'GCRA' then
    local back = math.max(now, tonumber(f[8] or '0'))
    used = math.min(tonumber(f[4]), math.ceil((back - now) * limit / window - 0.000001))
    limit = tonumber(f[4])
    reset = math.max(0, math.ceil(back - now))
  end
  if f[1] then
    used = math.max(0, used)
    all[#all + 1] = {string.format('%.0f', used), string.format('%.0f', limit), string.format('%.0f', math.max(0, limit - used)), string.format('%.0f', reset)}
  else
    all[#all + 1] = {}
  end
end
return all
