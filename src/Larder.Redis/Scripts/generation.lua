-- Put in front of the scripts that use the tag clock: a hash with the generation, the clock, the run_id of the server that
-- counts, for each tag the number of its last invalidation, and a seal.
-- KEYS: 1 tag clock

-- The seal is also over how many fields there are: a tag's that is lost would bring back what was invalidated.
local function seal(generation, clock, run)
  return string.sub(redis.sha1hex(table.concat({KEYS[1], generation, clock, run, redis.call('HLEN', KEYS[1])}, '\n')), 1, 8)
end

local function write(generation, clock, run)
  redis.call('HSET', KEYS[1], 'generation', generation, 'clock', clock, 'run', run, 'seal', '')
  redis.call('HSET', KEYS[1], 'seal', seal(generation, clock, run))
end

-- Begins a generation where there is none, or the seal does not hold, and a new one where the server is not the one that
-- counted so far: after a restart it may have loaded an old snapshot, and a promoted replica may lack the last
-- invalidations. run_id tells.
-- Who goes on counting skips the numbers that may have been given out and lost: what carries them must not look newer than
-- the next invalidation.
-- name: of a new generation; keep: '1' to go on counting on another server all the same
-- Returns the generation, the clock and the run_id.
local function begin(name, keep)
  local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or 'unknown'
  local known = redis.pcall('HMGET', KEYS[1], 'generation', 'clock', 'run', 'seal')
  local isIntact = not known.err and known[1] and known[2] and known[3] and known[4] == seal(known[1], known[2], known[3])
  if isIntact and known[3] == run then
    return known[1], known[2], run
  end
  if isIntact and keep == '1' then
    local clock = string.format('%.0f', tonumber(known[2]) + 1000000)
    write(known[1], clock, run)
    return known[1], clock, run
  end
  redis.call('DEL', KEYS[1])
  write(name, '0', run)
  return name, '0', run
end
