-- Removes the entry and any lease, and publishes the change.
-- KEYS: 1 entry; ARGV: 1 feed channel, 2 node id, 3 message number, 4 key without the prefix
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[1], ARGV[2] .. ' ' .. ARGV[3] .. ' remove ' .. ARGV[4])
return 1
