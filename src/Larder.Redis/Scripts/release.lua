-- Gives a lease back without a value, and tells those who wait for it.
-- KEYS: 1 entry; ARGV: 1 feed channel, 2 node id, 3 message number, 4 key without the prefix, 5 token
local lease = redis.call('HGET', KEYS[1], 'lease')
local change = ' none '
if lease and string.match(lease, '^%d+ (.*)$') == ARGV[5] then
  redis.call('HDEL', KEYS[1], 'lease')
  change = ' release '
end
redis.call('PUBLISH', ARGV[1], ARGV[2] .. ' ' .. ARGV[3] .. change .. ARGV[4])
return 1
