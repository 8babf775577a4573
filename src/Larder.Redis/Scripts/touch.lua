-- Moves the expiration of a sliding entry: its sliding expiration after it was last read, never beyond its absolute
-- deadline, and never nearer than it was, for another node may have read it later.
-- KEYS: 1 entry; ARGV: 1 ms since it was last read
local fields = redis.call('HMGET', KEYS[1], 'absexp', 'sldexp', 'exp')
if not fields[2] or fields[2] == '-1' then
  return 0
end
-- Ticks to ms: the last four digits go, and what is left fits a number.
local time = redis.call('TIME')
local now = (tonumber(time[1]) + 62135596800) * 1000 + math.floor(tonumber(time[2]) / 1000)
local left = redis.call('PTTL', KEYS[1])
local kept = 0
if fields[3] then
  -- What has expired stays so: only a new value makes it fresh again.
  local expires = tonumber(string.sub(fields[3], 1, -5))
  if not expires or expires <= now then
    return 0
  end
  kept = math.max(0, left - (expires - now))
end
local ttl = tonumber(string.sub(fields[2], 1, -5)) - tonumber(ARGV[1])
if fields[1] and fields[1] ~= '-1' then
  ttl = math.min(ttl, tonumber(string.sub(fields[1], 1, -5)) - kept - now)
end
if ttl + kept <= left then
  return 0
end
if fields[3] then
  redis.call('HSET', KEYS[1], 'exp', string.format('%.0f', now + ttl) .. '0000')
end
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', ttl + kept))
return 1
