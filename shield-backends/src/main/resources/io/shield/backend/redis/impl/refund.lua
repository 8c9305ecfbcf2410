-- Gives back what a request was charged that was refused after it was sent on, or lent units that
-- were not used.
-- KEYS and ARGV as charge.lua, with as of when it counts as used in place of how many requests there
-- are. In place of the generation that is asked with there may be that which an answer told. What was
-- reset since is left alone.

local now = clock(ARGV[1])
local at = tonumber(ARGV[2])
for i = 2, #KEYS do
  local a = 3 + (i - 2) * 9
  local current = generation(ARGV[a + 1], '')
  local told = ARGV[a + 2]
  if string.find(told, '@', 1, true) then
    told = generation(ARGV[a + 1], told)
  end
  local c = {
    key = KEYS[i], generation = current, algorithm = ARGV[a + 3],
    capacity = tonumber(ARGV[a + 4]), count = tonumber(ARGV[a + 5]),
    period = tonumber(ARGV[a + 6]), cost = tonumber(ARGV[a + 7])
  }
  local raw = (told == '' or told == current) and redis.call('GET', c.key)
  local old = raw and parse(c.key, raw)
  if old and old.generation == c.generation and same(c, old) then
    open(c, now, old)
    if not c.forget and algorithms[c.algorithm].refund(c, c.cost, at) then
      save(c)
    end
  end
end
return 1
