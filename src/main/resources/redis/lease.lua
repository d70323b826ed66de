-- Leases a share of several limits at once: all of them are charged with what is granted, or none.
--
-- KEYS[i]   the counter of rule i, a hash: w = number of the window, n = what was admitted in it
-- ARGV[1]   how many requests wait for the answer
-- ARGV[2]   how many more than those the node expects to need soon, the waiting ones included
-- ARGV[3..] for each rule: capacity, length of the window in milliseconds, and a window with what the
--           node has admitted in it while it could not ask; that is charged whether there is room or not
--
-- returns   granted, now in microseconds, the end of the shortest window, which rule is tightest, what is
--           left of it, when its window ends, then for each rule the number of its window
--
-- Windows are fixed and aligned to the time of this server, so that one number says which window a request
-- is of. Near the limit a share is an eighth of what is left, but never less than what waits. A clock that
-- went back (a failover) goes on in the window that was counted last.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local rules, left, tight, first, ends = {}, nil, 1, nil, nil
for i, key in ipairs(KEYS) do
  local at = 3 + (i - 1) * 4
  local length = ARGV[at + 1] * 1000
  local window = math.floor(now / length)
  local stored = redis.call('HMGET', key, 'w', 'n')
  local counted, used = tonumber(stored[1] or -1), 0
  if counted and counted >= window then
    window, used = counted, tonumber(stored[2])
  end
  local debt = 0
  if tonumber(ARGV[at + 2]) == window then
    debt = tonumber(ARGV[at + 3])
    used = used + debt
  end
  local over = (window + 1) * length
  local free = math.max(0, ARGV[at] - used)
  if not left or free < left then
    left, tight, ends = free, i, over
  end
  if not first or over < first then
    first = over
  end
  rules[i] = { key = key, window = window, used = used, over = over, debt = debt }
end
local share = math.max(tonumber(ARGV[1]), math.min(tonumber(ARGV[2]), math.floor(left / 8)))
local granted = math.min(left, share)
local answer = { granted, now, first, tight, left - granted, ends }
for i, rule in ipairs(rules) do
  if granted > 0 or rule.debt > 0 then
    redis.call('HSET', rule.key, 'w', string.format('%.0f', rule.window),
      'n', string.format('%.0f', rule.used + granted))
    redis.call('PEXPIRE', rule.key, string.format('%.0f', math.ceil((rule.over - now) / 1000) + 1000))
  end
  answer[6 + i] = rule.window
end
return answer
