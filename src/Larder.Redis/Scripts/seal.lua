-- Put in front of the scripts that write entries or change their times.
-- The seal is the last part of clk, a copy of what no checksum of the writer's can be over: the moment of writing and the
-- number of the message; and of an entry that is kept past its expiration the times, which scripts change later.

local function seal(clk, moment, message, absexp, exp, kept)
  local sealed = clk .. ':' .. moment .. ':' .. message
  if exp then
    sealed = sealed .. ':' .. absexp .. ':' .. exp .. ':' .. (kept or '')
  end
  return sealed
end

-- An entry's fields but the value and the lease; nil where there is none, or its seal does not hold.
local function unseal(key)
  local found = redis.pcall('HMGET', key, 'clk', 'ver', 'absexp', 'exp', 'kept')
  if found.err or not (found[1] and found[2] and found[3]) then
    return nil
  end
  local clk = string.match(found[1], '^([^:]*:%d+:[^:]+):')
  local moment, message = string.match(found[2], '^(%d+):.*:(%d+)$')
  if not (clk and moment) or seal(clk, moment, message, found[3], found[4], found[5]) ~= found[1] then
    return nil
  end
  return {clk = clk, moment = moment, message = message, absexp = found[3], exp = found[4], kept = found[5]}
end

-- Writes back what was changed of an entry that is kept past its expiration.
local function reseal(key, entry)
  local clk = seal(entry.clk, entry.moment, entry.message, entry.absexp, entry.exp, entry.kept)
  redis.call('HSET', key, 'absexp', entry.absexp, 'exp', entry.exp, 'clk', clk)
  if not entry.kept then
    redis.call('HDEL', key, 'kept')
  end
end
