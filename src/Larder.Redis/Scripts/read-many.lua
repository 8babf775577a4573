-- Reads several entries at once.
-- KEYS: entries
local answer = {}
for i = 1, #KEYS do
  answer[i] = redis.call('HMGET', KEYS[i], 'data', 'absexp', 'sldexp', 'ver', 'clk', 'tags', 'exp', 'etag', 'mod')
end
return answer
