-- Gives back what a request was charged that was refused after it was sent on.
-- KEYS and ARGV as charge.lua, with when it was charged in place of how many requests there are.

local now = clock(ARGV[1])
local at = tonumber(ARGV[2])
for i = 2, #KEYS do
  local a = 3 + (i - 2) * 8
  local c = {
    key = KEYS[i], generation = generation(ARGV[a + 1], ARGV[a + 2]), algorithm = ARGV[a + 3],
    capacity = tonumber(ARGV[a + 4]), count = tonumber(ARGV[a + 5]),
    period = tonumber(ARGV[a + 6]), cost = tonumber(ARGV[a + 7])
  }
  local raw = redis.call('GET', c.key)
  local old = raw and parse(c.key, raw)
  if old and old.generation == c.generation and same(c, old) then
    open(c, now)
    if not c.forget and algorithms[c.algorithm].refund(c, c.cost, at) then
      save(c)
    end
  end
end
return 1
