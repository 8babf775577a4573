-- Expires the entries that are kept past their expiration, removes any other, or
-- whatever else is there, drops any lease, and publishes the changes.
-- KEYS: entries; ARGV: 1 feed channel, 2 node id, 3 first message number, then each key without the prefix
for i = 1, #KEYS do
  local entry = unseal(KEYS[i])
  if entry and entry.exp then
    settle(KEYS[i], entry, '0', redis.call('TIME'))
    redis.call('HDEL', KEYS[i], 'lease')
  else
    redis.call('DEL', KEYS[i])
  end
  publish(i, 'expire', ARGV[3 + i])
end
return 1
