-- Moves the expiration of a sliding entry: its sliding expiration after it was last read, never beyond its absolute
-- deadline, and never nearer than it was, for another node may have read it later.
-- KEYS: 1 entry; ARGV: 1 ms since it was last read

-- .NET ticks to ms: the last four digits go, and what is left fits a number. Nil for anything else.
local function milliseconds(ticks)
  return ticks and #ticks <= 19 and tonumber(string.match(ticks, '^(%d+)%d%d%d%d$')) or nil
end

local found = redis.pcall('HMGET', KEYS[1], 'absexp', 'sldexp', 'exp')
local sliding = not found.err and milliseconds(found[2])
if not sliding then
  return 0
end
local time = redis.call('TIME')
local now = (tonumber(time[1]) + 62135596800) * 1000 + math.floor(tonumber(time[2]) / 1000)
local left = redis.call('PTTL', KEYS[1])
local kept, entry = 0, nil
if found[3] then
  -- What has expired stays so: only a new value makes it fresh again.
  entry = unseal(KEYS[1])
  local expires = entry and milliseconds(entry.exp)
  if not expires or expires <= now then
    return 0
  end
  kept = math.max(0, left - (expires - now))
end
local ttl = sliding - tonumber(ARGV[1])
local deadline = milliseconds(found[1])
if deadline then
  ttl = math.min(ttl, deadline - kept - now)
end
if ttl + kept <= left then
  return 0
end
if entry then
  entry.exp = string.format('%.0f', now + ttl) .. '0000'
  reseal(KEYS[1], entry)
end
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', ttl + kept))
return 1
