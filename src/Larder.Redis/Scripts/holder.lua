-- Put in front of the scripts of those who hold a lease.

-- Whether the lease of a key is that of the token. Anything may be under the key, and in the field.
local function isHeldBy(key, token)
  local lease = redis.pcall('HGET', key, 'lease')
  return type(lease) == 'string' and string.match(lease, '^%d+ (.*)$') == token
end

