-- Counts one invalidation and records it under each tag.
-- KEYS: 1 tag clock; ARGV: 1 feed channel, 2 node id, 3 first message number, 4 and 5 see generation.lua, 6... tags
begin(ARGV[4], ARGV[5])
local generation = redis.call('HGET', KEYS[1], 'generation')
local clock = redis.call('HINCRBY', KEYS[1], 'clock', 1)
local number = tonumber(ARGV[3])
for i = 6, #ARGV do
  redis.call('HSET', KEYS[1], 'tag:' .. ARGV[i], clock)
  redis.call('PUBLISH', ARGV[1], ARGV[2] .. ' ' .. string.format('%.0f', number + i - 6)
    .. ' tag ' .. generation .. ' ' .. string.format('%.0f', clock) .. ' ' .. ARGV[i])
end
return {generation, clock}
