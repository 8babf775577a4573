-- Reads the tag clock and the numbers of tags; where there are not many, those of all tags, so that a node that has just
-- started need not ask for one after another.
-- KEYS: 1 tag clock; ARGV: 1 and 2 see generation.lua, 3... tags
-- Returns the generation, the clock, the numbers, and an array of fields and numbers, or an empty one.
begin(ARGV[1], ARGV[2])
local answer = {redis.call('HGET', KEYS[1], 'generation'), redis.call('HGET', KEYS[1], 'clock') or '0'}
for i = 3, #ARGV do
  answer[i] = redis.call('HGET', KEYS[1], 'tag:' .. ARGV[i]) or '0'
end
answer[#ARGV + 1] = redis.call('HLEN', KEYS[1]) <= 1000 and redis.call('HGETALL', KEYS[1]) or {}
return answer
