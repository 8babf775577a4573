-- Removes entries and any leases, and publishes the changes.
-- KEYS: entries; ARGV: 1 feed channel, 2 node id, 3 first message number, then each key without the prefix
for i = 1, #KEYS do
  redis.call('DEL', KEYS[i])
  local number = i == 1 and ARGV[3] or string.format('%.0f', tonumber(ARGV[3]) + i - 1)
  redis.call('PUBLISH', ARGV[1], ARGV[2] .. ' ' .. number .. ' remove ' .. ARGV[3 + i])
end
return 1
