-- Gives a lease back without a value, and tells those who wait for it. After a failure, an entry that has expired and is kept
-- is to be served for a while without another attempt: its expiration becomes '~' and the end of that while. One that has
-- not, because it was to be refreshed early, is as good as it was.
-- KEYS: 1 entry; ARGV: 1 feed channel, 2 node id, 3 message number, 4 key without the prefix, 5 token, 6 ms or -1
local change = 'none'
if isHeldBy(KEYS[1], ARGV[5]) then
  redis.call('HDEL', KEYS[1], 'lease')
  change = 'release'
  local ms = tonumber(ARGV[6])
  local entry = ms >= 0 and unseal(KEYS[1])
  local time = redis.call('TIME')
  -- Both have 18 digits, or it is '0': as text they compare as numbers would.
  if entry and entry.exp and (string.sub(entry.exp, 1, 1) == '~' or entry.exp <= ticks(time, 0)) then
    settle(KEYS[1], entry, '~' .. ticks(time, ms), time)
  end
end
publish(1, change, ARGV[4])
return 1
