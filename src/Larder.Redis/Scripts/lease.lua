-- Gives out the lease of a missing entry. It is a field of the entry's hash: when it lapses, in ms by the server's clock,
-- and the token of its holder.
-- KEYS: 1 entry; ARGV: 1 token, 2 time to live in ms, 3 version that counts as missing or '', 4 '1' to force
-- Returns {0, 0} granted, {1, ms} held for so long, {2, 0} there is a value.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local hasData = redis.call('HEXISTS', KEYS[1], 'data') == 1
if ARGV[4] ~= '1' then
  if hasData and (ARGV[3] == '' or redis.call('HGET', KEYS[1], 'ver') ~= ARGV[3]) then
    return {2, 0}
  end
  local lease = redis.call('HGET', KEYS[1], 'lease')
  local lapses = lease and tonumber(string.match(lease, '^(%d+) '))
  if lapses and lapses > now then
    return {1, lapses - now}
  end
  if hasData then
    redis.call('DEL', KEYS[1])
    hasData = false
  end
end
redis.call('HSET', KEYS[1], 'lease', string.format('%.0f', now + tonumber(ARGV[2])) .. ' ' .. ARGV[1])
if not hasData then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return {0, 0}
