-- Writes the entry if the lease is still there: an invalidation would have dropped it. A lease that has lapsed but that
-- nobody took over is as good, for nothing happened to the key since.
-- KEYS: 1 entry; ARGV: see entry.lua; 10 lease token
local lease = redis.call('HGET', KEYS[1], 'lease')
if not lease or string.match(lease, '^%d+ (.*)$') ~= ARGV[10] then
  -- The number was given out: peers must not take it for a lost message.
  publish('none', '')
  return 0
end
write(KEYS[1])
publish('commit', ARGV[4])
return 1
