-- Gives back what was leased and not used, to those rules whose window is still the same.
--
-- KEYS[i]   the counter of rule i, as lease.lua keeps it
-- ARGV[1]   how much
-- ARGV[2..] for each rule the window that it was leased in
-- returns   how many rules took it back
local taken = 0
for i, key in ipairs(KEYS) do
  local stored = redis.call('HMGET', key, 'w', 'n')
  if stored[1] and tonumber(stored[1]) == tonumber(ARGV[1 + i]) then
    redis.call('HSET', key, 'n', string.format('%.0f', math.max(0, stored[2] - ARGV[1])))
    taken = taken + 1
  end
end
return taken
