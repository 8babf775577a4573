-- Removes entries and any leases, and publishes the changes.
-- KEYS: entries; ARGV: 1 feed channel, 2 node id, 3 first message number, then each key without the prefix
for i = 1, #KEYS do
  redis.call('DEL', KEYS[i])
  publish(i, 'remove', ARGV[3 + i])
end
return 1
