-- Writes the entry, drops any lease with what was there, and publishes the change.
-- KEYS: 1 entry; ARGV: see entry.lua
write(KEYS[1])
publish('set', ARGV[4])
return 1
