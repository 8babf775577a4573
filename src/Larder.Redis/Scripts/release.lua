-- Gives a lease back without a value, and tells those who wait for it. After a failure, an expired entry that is kept is to
-- be served for a while without another attempt: its expiration becomes '~' and the end of that while.
-- KEYS: 1 entry; ARGV: 1 feed channel, 2 node id, 3 message number, 4 key without the prefix, 5 token, 6 ms or -1
local lease = redis.call('HGET', KEYS[1], 'lease')
local change = ' none '
if lease and string.match(lease, '^%d+ (.*)$') == ARGV[5] then
  redis.call('HDEL', KEYS[1], 'lease')
  change = ' release '
  local ms = tonumber(ARGV[6])
  if ms >= 0 and redis.call('HEXISTS', KEYS[1], 'exp') == 1 then
    local time = redis.call('TIME')
    local micros = tonumber(time[2]) + (ms % 1000) * 1000
    local seconds = tonumber(time[1]) + math.floor(ms / 1000) + math.floor(micros / 1000000)
    redis.call('HSET', KEYS[1], 'exp', '~' .. string.format('%.0f%06d0', seconds + 62135596800, micros % 1000000))
  end
end
redis.call('PUBLISH', ARGV[1], ARGV[2] .. ' ' .. ARGV[3] .. change .. ARGV[4])
return 1
