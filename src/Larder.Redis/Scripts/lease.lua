-- Gives out the leases of missing entries, and of those that their readers want to replace. A lease is a field of the
-- entry's hash: when it lapses, in ms by the server's clock, and the token of its holder.
-- KEYS: entries; ARGV: for each key 1 token, 2 time to live in ms, 3 version that counts as missing or '', 4 what becomes of
--       that: 'delete', 'keep', 'throttle' (as keep, unless it is still to be served for a while), or 'force' to grant it in
--       any case
-- Returns for each key {0, 0} granted, {1, ms} held for so long, {2, 0} there is a value.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

-- Lease:TimeToLive is a minute at most: what lasts longer, and longer than what is asked for, is damaged.
local longest = 60000

local function ask(key, token, ttl, seen, mode)
  -- Fails where somebody else has put a string, say: it is left alone, and nobody gets a lease.
  local hasData = redis.call('HEXISTS', key, 'data') == 1
  if mode ~= 'force' then
    if hasData and (seen == '' or redis.call('HGET', key, 'ver') ~= seen) then
      return 2, 0
    end
    if hasData and mode == 'throttle' then
      -- Both have 18 digits: as text they compare as numbers would.
      local retry = string.match(redis.call('HGET', key, 'exp') or '', '^~(%d+)$')
      if retry and retry > string.format('%.0f%06d0', tonumber(time[1]) + 62135596800, tonumber(time[2])) then
        return 2, 0
      end
    end
    local lease = redis.call('HGET', key, 'lease')
    local lapses = lease and tonumber(string.match(lease, '^(%d+) '))
    if lapses and lapses > now and lapses - now <= math.max(longest, tonumber(ttl)) then
      return 1, lapses - now
    end
    if hasData and mode == 'delete' then
      redis.call('DEL', key)
      hasData = false
    end
  end
  redis.call('HSET', key, 'lease', string.format('%.0f', now + tonumber(ttl)) .. ' ' .. token)
  if not hasData then
    redis.call('PEXPIRE', key, ttl)
  end
  return 0, 0
end

local answer = {}
for i = 1, #KEYS do
  local base = (i - 1) * 4
  local state, ms = ask(KEYS[i], ARGV[base + 1], ARGV[base + 2], ARGV[base + 3], ARGV[base + 4])
  answer[2 * i - 1] = state
  answer[2 * i] = ms
end
return answer
