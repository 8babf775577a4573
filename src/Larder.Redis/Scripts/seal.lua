-- Put in front of the scripts that write entries or change their times.
-- The seal is the last part of clk: a checksum over what only the server knows when it writes, and what scripts change
-- later. Where another program may write an entry over in place (the checksum is '-'), its times are not sealed.

local function seal(key, clk, ver, absexp, sldexp, exp, kept)
  local text = key .. '\n' .. clk .. '\n' .. ver
  if string.sub(clk, -2) ~= ':-' then
    text = text .. '\n' .. absexp .. '\n' .. sldexp .. '\n' .. (exp or '') .. '\n' .. (kept or '')
  end
  return clk .. ':' .. string.sub(redis.sha1hex(text), 1, 8)
end

-- An entry's fields but the value and the lease; nil where there is none, or its seal does not hold.
local function unseal(key)
  local found = redis.pcall('HMGET', key, 'clk', 'ver', 'absexp', 'sldexp', 'exp', 'kept')
  local clk = not found.err and found[1] and string.match(found[1], '^(.*):%x+$')
  if not clk or not (found[2] and found[3] and found[4]) then
    return nil
  end
  if seal(key, clk, found[2], found[3], found[4], found[5], found[6]) ~= found[1] then
    return nil
  end
  return {clk = clk, ver = found[2], absexp = found[3], sldexp = found[4], exp = found[5], kept = found[6]}
end

-- Writes back what was changed of an entry that is kept past its expiration.
local function reseal(key, entry)
  local clk = seal(key, entry.clk, entry.ver, entry.absexp, entry.sldexp, entry.exp, entry.kept)
  redis.call('HSET', key, 'absexp', entry.absexp, 'exp', entry.exp, 'clk', clk)
  if not entry.kept then
    redis.call('HDEL', key, 'kept')
  end
end
