-- Sends an echo, after this node's last number for peers that missed its last message, and reads the tag clock and the time.
-- KEYS: 1 tag clock; ARGV: 1 feed channel, 2 message for it or '', 3 echo channel, 4 echo, 5 and 6 see generation.lua
-- The generation comes first: an echo that comes back proves that the server is known by then.
local generation, clock = begin(ARGV[5], ARGV[6])
if ARGV[2] ~= '' then
  redis.call('PUBLISH', ARGV[1], ARGV[2])
end
redis.call('PUBLISH', ARGV[3], ARGV[4])
local time = redis.call('TIME')
return {generation, clock, time[1], time[2]}
