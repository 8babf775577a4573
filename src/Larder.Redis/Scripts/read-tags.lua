-- Reads the tag clock and the numbers of tags.
-- KEYS: 1 tag clock; ARGV: 1 and 2 see generation.lua, 3... tags
begin(ARGV[1], ARGV[2])
local answer = {redis.call('HGET', KEYS[1], 'generation'), redis.call('HGET', KEYS[1], 'clock') or '0'}
for i = 3, #ARGV do
  answer[i] = redis.call('HGET', KEYS[1], 'tag:' .. ARGV[i]) or '0'
end
return answer
