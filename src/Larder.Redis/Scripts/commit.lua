-- Writes each entry whose lease is still there: an invalidation would have dropped it. A lease that has lapsed but that
-- nobody took over is as good, for nothing happened to the key since.
-- KEYS: entries; ARGV: see entry.lua, 10 for each key, the tenth its lease token
-- Returns for each key whether it was written.
local answer = {}
for i = 1, #KEYS do
  local base = 3 + (i - 1) * 10
  if isHeldBy(KEYS[i], ARGV[base + 10]) then
    write(KEYS[i], i, base)
    publish(i, 'commit', ARGV[base + 1])
    answer[i] = 1
  else
    -- The number was given out: peers must not take it for a lost message.
    publish(i, 'none', '')
    answer[i] = 0
  end
end
return answer
