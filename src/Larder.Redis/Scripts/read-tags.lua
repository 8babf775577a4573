-- Reads the tag clock and the records of tags; where there are not many, those of all tags, so that a node that has just
-- started need not ask for one after another.
-- KEYS: 1 tag clock; ARGV: 1 and 2 see generation.lua, 3... tags
-- Returns the generation, the clock, the records, and an array of fields and records, or an empty one.
local generation, clock = begin(ARGV[1], ARGV[2])
local answer = {generation, clock}
for i = 3, #ARGV do
  answer[i] = redis.call('HGET', KEYS[1], 'tag:' .. ARGV[i])
end
answer[#ARGV + 1] = redis.call('HLEN', KEYS[1]) <= 1000 and redis.call('HGETALL', KEYS[1]) or {}
return answer
