-- Put in front of the scripts that use the tag clock.
-- Begins a generation where there is none, and a new one where the server is not the one that counted so far: after a
-- restart it may have loaded an old snapshot, and a promoted replica may lack the last invalidations. run_id tells.
-- Who goes on counting skips the numbers that may have been given out and lost: what carries them must not look newer than
-- the next invalidation.
-- KEYS: 1 tag clock; name: of a new generation; keep: '1' to go on counting on another server all the same
local function begin(name, keep)
  local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or 'unknown'
  local known = redis.call('HGET', KEYS[1], 'run')
  if known == run then
    return
  end
  if known and keep == '1' then
    redis.call('HINCRBY', KEYS[1], 'clock', 1000000)
  elseif known then
    redis.call('DEL', KEYS[1])
  end
  redis.call('HSETNX', KEYS[1], 'generation', name)
  redis.call('HSET', KEYS[1], 'run', run)
end
