-- Lets a lease that is still held last for another time to live.
-- KEYS: 1 entry; ARGV: 1 token, 2 time to live in ms
if not isHeldBy(KEYS[1], ARGV[1]) then
  return 0
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('HSET', KEYS[1], 'lease', string.format('%.0f', now + tonumber(ARGV[2])) .. ' ' .. ARGV[1])
if redis.call('HEXISTS', KEYS[1], 'data') == 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 1
