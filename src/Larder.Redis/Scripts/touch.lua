-- Moves the expiration of a sliding entry: its sliding expiration after it was last read, never beyond its absolute
-- deadline, and never nearer than it was, for another node may have read it later.
-- KEYS: 1 entry; ARGV: 1 ms since it was last read
local fields = redis.call('HMGET', KEYS[1], 'absexp', 'sldexp')
if not fields[2] or fields[2] == '-1' then
  return 0
end
-- Ticks to ms: the last four digits go, and what is left fits a number.
local ttl = tonumber(string.sub(fields[2], 1, -5)) - tonumber(ARGV[1])
if fields[1] and fields[1] ~= '-1' then
  local time = redis.call('TIME')
  local now = (tonumber(time[1]) + 62135596800) * 1000 + math.floor(tonumber(time[2]) / 1000)
  ttl = math.min(ttl, tonumber(string.sub(fields[1], 1, -5)) - now)
end
if ttl <= redis.call('PTTL', KEYS[1]) then
  return 0
end
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', ttl))
return 1
