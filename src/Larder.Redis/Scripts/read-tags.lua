-- Reads the tag clock and the numbers of tags. A lost counter begins a new generation.
-- KEYS: 1 tag clock; ARGV: 1 name of a new generation, 2... tags
redis.call('HSETNX', KEYS[1], 'generation', ARGV[1])
local answer = {redis.call('HGET', KEYS[1], 'generation'), redis.call('HGET', KEYS[1], 'clock') or '0'}
for i = 2, #ARGV do
  answer[i + 1] = redis.call('HGET', KEYS[1], 'tag:' .. ARGV[i]) or '0'
end
return answer
