-- Put in front of the scripts that use the tag clock: a hash with the generation, the clock, the run_id of the server that
-- counts, for each tag the number of its last invalidation, and a seal.
-- KEYS: 1 tag clock

-- The seal is a copy of that, with the key and with how many fields there are: a tag's that is lost would bring back what was
-- invalidated.
local function seal(generation, clock, run, fields)
  return table.concat({KEYS[1], generation, clock, run, fields}, '\n')
end

-- Writes all but the tags' fields.
local function write(generation, clock, run)
  local fields = math.max(4, redis.call('HLEN', KEYS[1]))
  redis.call('HSET', KEYS[1], 'generation', generation, 'clock', clock, 'run', run, 'seal', seal(generation, clock, run, fields))
end

-- Begins a generation where there is none, or the seal does not hold, and a new one where the server is not the one that
-- counted so far: after a restart it may have loaded an old snapshot, and a promoted replica may lack the last
-- invalidations. run_id tells.
-- Who goes on counting skips the numbers that may have been given out and lost: what carries them must not look newer than
-- the next invalidation.
-- name: of a new generation; keep: '1' to go on counting on another server all the same
-- Returns the generation, the clock and the run_id.
local function begin(name, keep)
  local info = redis.call('INFO', 'server')
  local _, at = string.find(info, 'run_id:', 1, true)
  local run = at and string.match(info, '^%w+', at + 1) or 'unknown'
  local known = redis.pcall('HMGET', KEYS[1], 'generation', 'clock', 'run', 'seal')
  local isIntact = not known.err and known[1] and known[2] and known[3] and known[4] == seal(known[1], known[2], known[3], redis.call('HLEN', KEYS[1]))
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
