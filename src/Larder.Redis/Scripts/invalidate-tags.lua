-- Counts one invalidation and records it under each tag. A lost counter begins a new generation.
-- KEYS: 1 tag clock; ARGV: 1 feed channel, 2 node id, 3 first message number, 4 name of a new generation, 5... tags
redis.call('HSETNX', KEYS[1], 'generation', ARGV[4])
local generation = redis.call('HGET', KEYS[1], 'generation')
local clock = redis.call('HINCRBY', KEYS[1], 'clock', 1)
local number = tonumber(ARGV[3])
for i = 5, #ARGV do
  redis.call('HSET', KEYS[1], 'tag:' .. ARGV[i], clock)
  redis.call('PUBLISH', ARGV[1], ARGV[2] .. ' ' .. string.format('%.0f', number + i - 5)
    .. ' tag ' .. generation .. ' ' .. string.format('%.0f', clock) .. ' ' .. ARGV[i])
end
return {generation, clock}
