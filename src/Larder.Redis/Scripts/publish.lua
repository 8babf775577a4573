-- Put in front of the scripts that publish what they change.
-- ARGV: 1 feed channel, 2 node id, 3 first message number

-- The number of a message. Most scripts publish one: text that came is used as it is, for to write a number costs
-- more than most commands.
local function number(index)
  return index == 1 and ARGV[3] or string.format('%.0f', tonumber(ARGV[3]) + index - 1)
end

local function publish(index, change, subject)
  redis.call('PUBLISH', ARGV[1], ARGV[2] .. ' ' .. number(index) .. ' ' .. change .. ' ' .. subject)
end

