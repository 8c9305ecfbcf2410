-- Charges one or more equal requests to all their counters: what of them all policies in force
-- admit, then each shadow policy as much of that as it would admit.
-- KEYS: the generations, then the counters.
-- ARGV: the time or '', how many requests, then for each counter: group (0 in force, else one of a
-- shadow policy), policy, its generation or '', algorithm, capacity, count, period, cost, how many
-- units are to be lent if the requests pass.
-- Returns how many are admitted and the time; then for each counter how many requests it counted,
-- what remains, how long until one more request fits, and how long until nothing is in use; then for
-- each counter of which units are lent its index, how many, for how long, as of when they count as
-- used, and its generation.

local now = clock(ARGV[1])
local wanted = tonumber(ARGV[2])
local counters, groups, last = {}, {}, 0
local states = redis.call('MGET', unpack(KEYS, 2))
for i = 2, #KEYS do
  local a = 3 + (i - 2) * 9
  local group = tonumber(ARGV[a])
  local c = {
    key = KEYS[i], generation = generation(ARGV[a + 1], ARGV[a + 2]), algorithm = ARGV[a + 3],
    capacity = tonumber(ARGV[a + 4]), count = tonumber(ARGV[a + 5]),
    period = tonumber(ARGV[a + 6]), cost = tonumber(ARGV[a + 7]),
    ahead = tonumber(ARGV[a + 8]), counted = 0
  }
  local state = states[i - 1]
  open(c, now, state and parse(c.key, state))
  counters[i - 1] = c
  local same = groups[group]
  if same then
    same[#same + 1] = c
  else
    groups[group] = {c}
  end
  last = math.max(last, group)
end

local function admit(group, most)
  local admitted = most
  for _, c in ipairs(group) do
    if c.cost > 0 then
      admitted = math.min(admitted, math.floor(algorithms[c.algorithm].free(c) / c.cost))
    end
  end
  for _, c in ipairs(group) do
    if admitted > 0 and c.cost > 0 then
      algorithms[c.algorithm].take(c, admitted * c.cost)
      c.counted = admitted
    end
  end
  return admitted
end

local admitted = admit(groups[0] or {}, wanted)
for group = 1, last do
  if groups[group] and admitted > 0 then
    admit(groups[group], admitted)
  end
end

for _, c in ipairs(counters) do
  if admitted > 0 and c.ahead > 0 then
    lend(c, c.ahead)
  end
end

local answer = {admitted, now}
local told = 2
for _, c in ipairs(counters) do
  local how = algorithms[c.algorithm]
  local free = how.free(c)
  answer[told + 1], answer[told + 2] = c.counted, free
  answer[told + 3] = free >= c.cost and 0 or how.wait(c, c.cost)
  answer[told + 4] = math.max(0, how.idle(c))
  told = told + 4
end
for i, c in ipairs(counters) do
  if c.lent then
    for _, told in ipairs({i - 1, c.lent, c.stamp - c.now, c.stamp, c.generation}) do
      table.insert(answer, told)
    end
  end
end
begin()
for _, c in ipairs(counters) do
  if c.counted > 0 or c.rebased or c.lent then
    save(c)
  end
end
return answer
