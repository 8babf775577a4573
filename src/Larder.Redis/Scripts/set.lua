-- Writes entries, drops any lease with what was there, and publishes the changes.
-- KEYS: entries; ARGV: see entry.lua, 9 for each key
for i = 1, #KEYS do
  local base = 3 + (i - 1) * 9
  write(KEYS[i], i, base)
  publish(i, 'set', ARGV[base + 1])
end
return 1
