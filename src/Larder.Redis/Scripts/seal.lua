-- Put in front of the scripts that write entries or change their times.
-- The seal is the last part of clk: a checksum over what only the server knows when it writes, and what scripts change
-- later. Where another program may write an entry over in place (the checksum is '-'), its times are not sealed.

local fields = {'clk', 'ver', 'absexp', 'sldexp', 'exp', 'kept'}

local function seal(key, entry)
  local text = key .. '\n' .. entry.clk .. '\n' .. entry.ver
  if string.sub(entry.clk, -2) ~= ':-' then
    text = text .. '\n' .. entry.absexp .. '\n' .. entry.sldexp .. '\n' .. (entry.exp or '') .. '\n' .. (entry.kept or '')
  end
  return entry.clk .. ':' .. string.sub(redis.sha1hex(text), 1, 8)
end

-- An entry's fields but the value and the lease; nil where there is none, or its seal does not hold.
local function unseal(key)
  local found = redis.pcall('HMGET', key, unpack(fields))
  local clk = not found.err and found[1] and string.match(found[1], '^(.*):%x+$')
  if not clk or not (found[2] and found[3] and found[4]) then
    return nil
  end
  local entry = {clk = clk, ver = found[2], absexp = found[3], sldexp = found[4], exp = found[5], kept = found[6]}
  return seal(key, entry) == found[1] and entry or nil
end

-- Writes back what was changed of an entry that is kept past its expiration.
local function reseal(key, entry)
  redis.call('HSET', key, 'absexp', entry.absexp, 'exp', entry.exp, 'clk', seal(key, entry))
  if not entry.kept then
    redis.call('HDEL', key, 'kept')
  end
end
