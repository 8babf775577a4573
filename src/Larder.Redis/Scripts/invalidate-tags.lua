-- Counts one invalidation and records it under each tag.
-- KEYS: 1 tag clock; ARGV: 1 feed channel, 2 node id, 3 first message number, 4 and 5 see generation.lua, 6... tags
-- A tag's record has a seal of its own, a copy: number:tag:number.
local generation, clock, run = begin(ARGV[4], ARGV[5])
clock = string.format('%.0f', tonumber(clock) + 1)
for i = 6, #ARGV do
  redis.call('HSET', KEYS[1], 'tag:' .. ARGV[i], clock .. ':' .. ARGV[i] .. ':' .. clock)
  publish(i - 5, 'tag', generation .. ' ' .. clock .. ' ' .. ARGV[i])
end
write(generation, clock, run)
return {generation, clock}
