-- Put in front of the scripts that write an entry.
-- ARGV: 1 feed channel, 2 node id, 3 message number, 4 key without the prefix,
--       5 data, 6 absolute expiration in ms or -1, 7 sliding expiration in ms or -1, 8 tag stamp, 9 tags

local function publish(change, subject)
  redis.call('PUBLISH', ARGV[1], ARGV[2] .. ' ' .. ARGV[3] .. ' ' .. change .. ' ' .. subject)
end

-- Writes the entry as Microsoft's RedisCache lays it out (absexp and sldexp are .NET ticks or -1), by the server's clock.
-- Ticks have 18 digits, more than a Lua number holds: seconds and microseconds are put together as text.
local function write(key)
  local time = redis.call('TIME')
  local seconds, micros = tonumber(time[1]), tonumber(time[2])
  local absolute, sliding = tonumber(ARGV[6]), tonumber(ARGV[7])
  local absexp, sldexp, ttl = '-1', '-1', -1
  if absolute >= 0 then
    local total = micros + (absolute % 1000) * 1000
    local at = seconds + math.floor(absolute / 1000) + math.floor(total / 1000000)
    absexp = string.format('%.0f%06d0', at + 62135596800, total % 1000000)
    ttl = absolute
  end
  if sliding >= 0 then
    sldexp = string.format('%.0f', sliding) .. '0000'
    if ttl < 0 or sliding < ttl then
      ttl = sliding
    end
  end
  local version = time[1] .. string.format('%06d', micros) .. ':' .. ARGV[2] .. ':' .. ARGV[3]
  redis.call('DEL', key)
  redis.call('HSET', key, 'absexp', absexp, 'sldexp', sldexp, 'data', ARGV[5], 'ver', version, 'clk', ARGV[8])
  if ARGV[9] ~= '' then
    redis.call('HSET', key, 'tags', ARGV[9])
  end
  if ttl >= 0 then
    redis.call('PEXPIRE', key, string.format('%.0f', math.max(1, ttl)))
  end
end
