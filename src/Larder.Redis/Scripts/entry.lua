-- Put in front of the scripts that write or expire entries, after publish.lua and seal.lua.
-- ARGV, of those that write: 1 feed channel, 2 node id, 3 first message number, then for each key, from ARGV[base + 1] on:
--       1 key without the prefix, 2 data, 3 absolute expiration in ms or -1, 4 sliding expiration in ms or -1, 5 tag stamp
--       and checksum, 6 tags, 7 for how many ms it is kept after it expired or -1, 8 ETag or '', 9 last modified in ms since 1970 or ''

-- The moment so many ms after now, in .NET ticks (100 ns since year 1). They have 18 digits, more than a Lua number holds:
-- seconds and microseconds are put together as text.
local function ticks(time, ms)
  local micros = tonumber(time[2]) + (ms % 1000) * 1000
  local seconds = tonumber(time[1]) + math.floor(ms / 1000)
  if micros >= 1000000 then
    seconds, micros = seconds + 1, micros - 1000000
  end
  return string.format('%.0f%06d0', seconds + 62135596800, micros)
end

-- Writes the entry as Microsoft's RedisCache lays it out (absexp and sldexp are .NET ticks or -1), by the server's clock.
-- What is kept after it expired has its expiration in a field of its own, and in absexp the end; if it slides, the end moves
-- with the expiration, so that a field says by how much.
local function write(key, index, base)
  local time = redis.call('TIME')
  local absolute, sliding, retention = tonumber(ARGV[base + 3]), tonumber(ARGV[base + 4]), tonumber(ARGV[base + 7])
  local kept = math.max(0, retention)
  local absexp, sldexp, expires, ttl, exp, slides = '-1', '-1', -1, nil, nil, nil
  if absolute >= 0 then
    absexp = ticks(time, absolute + kept)
    expires, ttl = absolute, ARGV[base + 3]
  end
  if sliding >= 0 then
    sldexp = ARGV[base + 4] .. '0000'
    if expires < 0 or sliding < expires then
      expires, ttl = sliding, ARGV[base + 4]
    end
  end
  if retention >= 0 and ttl then
    exp = ticks(time, expires)
    ttl = string.format('%.0f', expires + kept)
    slides = sliding >= 0 and string.format('%.0f', kept) or nil
  end
  local moment, message = time[1] .. string.sub('00000' .. time[2], -6), number(index)
  local ver = moment .. ':' .. ARGV[2] .. ':' .. message
  local clk = seal(ARGV[base + 5], moment, message, absexp, exp, slides)
  redis.call('DEL', key)
  redis.call('HSET', key, 'absexp', absexp, 'sldexp', sldexp, 'data', ARGV[base + 2], 'ver', ver, 'clk', clk)
  if ARGV[base + 6] ~= '' then
    redis.call('HSET', key, 'tags', ARGV[base + 6])
  end
  if exp then
    redis.call('HSET', key, 'exp', exp)
  end
  if slides then
    redis.call('HSET', key, 'kept', slides)
  end
  if ARGV[base + 8] ~= '' then
    redis.call('HSET', key, 'etag', ARGV[base + 8])
  end
  if ARGV[base + 9] ~= '' then
    redis.call('HSET', key, 'mod', ARGV[base + 9])
  end
  if ttl then
    redis.call('PEXPIRE', key, ttl)
  end
end

-- Writes another expiration. What was made to expire slides no more: from now on absexp has its end.
local function settle(key, entry, exp, time)
  if entry.kept then
    entry.absexp = ticks(time, redis.call('PTTL', key))
    entry.kept = nil
  end
  entry.exp = exp
  reseal(key, entry)
end
