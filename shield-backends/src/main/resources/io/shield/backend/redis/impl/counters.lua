-- Rate-limit counters, each by the same arithmetic as in the process: whole microseconds and exact
-- fractions. A number is a double, so that none may reach 2^53; products are divided in steps.
--
-- A counter is packed: algorithm, capacity, count, period, the latest time it was asked at, three
-- numbers of its algorithm, and its generation. That of a moving window has a list beside it. What is
-- taken counts as used at its stamp: now, or where units are lent to a process, when it may use them
-- at the latest.

local EXACT = 9007199254740992
local MAX_ENTRIES = 8192
local STALE = 1000000

-- a * b / c rounded down, and what is left over; c is below 2^51.
local function muldiv(a, b, c)
  local product = a * b
  if product < EXACT then
    local quotient = math.floor(product / c)
    return quotient, product - quotient * c
  end
  local whole = math.floor(b / c)
  local part = b - whole * c
  local quotient, rest, bit = 0, 0, 1
  while bit * 2 <= a do
    bit = bit * 2
  end
  local left = a
  while bit >= 1 do
    quotient = quotient * 2
    rest = rest * 2
    if left >= bit then
      left = left - bit
      rest = rest + part
    end
    while rest >= c do
      rest = rest - c
      quotient = quotient + 1
    end
    bit = bit / 2
  end
  return a * whole + quotient, rest
end

local function up(a, b, c)
  local quotient, rest = muldiv(a, b, c)
  return rest > 0 and quotient + 1 or quotient
end

local function gcd(a, b)
  while b > 0 do
    a, b = b, a % b
  end
  return a
end

local function text(number)
  return string.format('%.0f', number)
end

-- What an algorithm does: bring a counter to its time, tell what is free, take, tell waits. Each is
-- made when it is needed first: the whole script is run for every call.
local make = {}
local algorithms = setmetatable({}, {
  __index = function(made, name)
    made[name] = make[name]()
    return made[name]
  end
})

function make.fixed_window() return {
  fresh = function(c)
    c.x, c.y, c.z = c.now - c.now % c.period, 0, 0
  end,
  advance = function(c)
    if c.now - c.x >= c.period then
      c.x, c.y = c.now - c.now % c.period, 0
    end
  end,
  free = function(c)
    return c.capacity - c.y
  end,
  take = function(c, units)
    c.y = c.y + units
  end,
  wait = function(c)
    return c.x + c.period - c.now
  end,
  idle = function(c)
    return c.y == 0 and 0 or c.x + c.period - c.now
  end,
  refund = function(c, units, at)
    if at >= c.x and at < c.x + c.period then
      c.y = math.max(0, c.y - units)
      return true
    end
  end
} end

function make.sliding_window() return {
  fresh = algorithms.fixed_window.fresh,
  advance = function(c)
    local into = c.now - c.x
    if into >= c.period then
      c.z = into < 2 * c.period and c.y or 0
      c.x, c.y = c.now - c.now % c.period, 0
    end
  end,
  free = function(c)
    local over = muldiv(c.z, c.now - c.x, c.period)
    return math.max(0, c.capacity - c.y - (c.z - over))
  end,
  take = algorithms.fixed_window.take,
  wait = function(c, cost)
    local missing = c.y + cost - c.capacity
    if missing <= 0 then
      return c.x + up(missing + c.z, c.period, c.z) - c.now
    end
    return c.x + c.period + up(missing, c.period, c.y) - c.now
  end,
  idle = function(c)
    if c.y > 0 then
      return c.x + 2 * c.period - c.now
    end
    return c.z > 0 and c.x + c.period - c.now or 0
  end,
  refund = function(c, units, at)
    if at >= c.x and at < c.x + c.period then
      c.y = math.max(0, c.y - units)
      return true
    elseif at < c.x and at >= c.x - c.period then
      c.z = math.max(0, c.z - units)
      return true
    end
  end
} end

-- x: when the bucket is full again, y: parts of a microsecond more, z: when something was taken.
function make.token_bucket() return {
  fresh = function(c)
    c.x, c.y, c.z = c.now, 0, 0
  end,
  advance = function(c)
    local divisor = gcd(c.count, c.period)
    c.unit, c.parts = c.period / divisor, c.count / divisor
    if c.x < c.now then
      c.x, c.y = c.now, 0
    end
  end,
  free = function(c)
    local used, rest = muldiv(c.x - c.now, c.parts, c.unit)
    return math.max(0, c.capacity - used - math.ceil((rest + c.y) / c.unit))
  end,
  take = function(c, units)
    local micros, rest = muldiv(units, c.unit, c.parts)
    c.x, c.y, c.z = c.x + micros, c.y + rest, math.max(c.z, c.stamp)
    if c.y >= c.parts then
      c.x, c.y = c.x + 1, c.y - c.parts
    end
  end,
  wait = function(c, cost)
    local micros, rest = muldiv(c.capacity - cost, c.unit, c.parts)
    return c.x - micros + (c.y > rest and 1 or 0) - c.now
  end,
  idle = function(c)
    return c.x + (c.y > 0 and 1 or 0) - c.now
  end,
  refund = function(c, units, at)
    local micros, rest = muldiv(units, c.unit, c.parts)
    local since = c.z - at
    if since < 0 or since > micros then
      return false
    end
    c.x, c.y = c.x - (micros - since), c.y - rest
    if c.y < 0 then
      c.x, c.y = c.x - 1, c.y + c.parts
    end
    return true
  end
} end

local function entry(raw)
  local at, units = string.match(raw, '^(%d+) (%d+)$')
  return tonumber(at), tonumber(units)
end

-- Calls a function with each entry of a log, oldest first, until it returns true.
local function each(c, from, see)
  local start = from
  while true do
    local some = redis.call('LRANGE', c.log, start, start + 63)
    for _, raw in ipairs(some) do
      local at, units = entry(raw)
      if see(at, units) then
        return
      end
    end
    if #some < 64 then
      return
    end
    start = start + 64
  end
end

local function tick(c)
  return c.capacity > MAX_ENTRIES and math.ceil(c.period / MAX_ENTRIES) or 1
end

-- x: the units in the log, of which the first `gone` entries are over; y: when the last was used.
function make.moving_window() return {
  fresh = function(c)
    c.x, c.y, c.z, c.gone, c.forget = 0, 0, 0, 0, true
  end,
  advance = function(c)
    c.gone = c.gone or 0
    if c.x == 0 or c.forget then
      return
    end
    each(c, 0, function(at, units)
      if at > c.now - c.period then
        return true
      end
      c.x, c.gone = c.x - units, c.gone + 1
    end)
  end,
  free = function(c)
    return c.capacity - c.x
  end,
  take = function(c, units)
    if units > 0 then
      c.added = (c.added or 0) + units
      c.x, c.y = c.x + units, math.max(c.y, c.stamp)
    end
  end,
  wait = function(c, cost)
    -- What is taken now is not in the log yet and comes back last.
    local missing, every = c.x + cost - c.capacity, tick(c)
    local added = c.added and c.y + c.period - c.now or c.period
    local wait = added
    if not c.forget then
      each(c, c.gone, function(at, units)
        missing = missing - units
        if missing <= 0 then
          local merged = c.added and math.floor(at / every) == math.floor(c.y / every)
          wait = merged and added or at + c.period - c.now
          return true
        end
      end)
    end
    return wait
  end,
  idle = function(c)
    return c.x == 0 and 0 or c.y + c.period - c.now
  end,
  refund = function(c, units, at)
    local size, every = redis.call('LLEN', c.log), tick(c)
    for i = size - 1, 0, -1 do
      local used, known = entry(redis.call('LINDEX', c.log, i))
      if math.floor(used / every) < math.floor(at / every) then
        return false
      end
      if math.floor(used / every) == math.floor(at / every) then
        local back = math.min(units, known)
        c.x = c.x - back
        c.rewrite = {index = i, entry = text(used) .. ' ' .. text(known - back)}
        return true
      end
    end
    return false
  end
} end

local function used(c)
  return c.capacity - algorithms[c.algorithm].free(c)
end

-- The share that is in use stays; it counts as used now, and that is to be written down.
local function rebase(c, old)
  local share = math.min(c.capacity, up(used(old), c.capacity, old.capacity))
  local how = algorithms[c.algorithm]
  c.rebased = true
  how.fresh(c)
  how.advance(c)
  if share > 0 then
    how.take(c, share)
  end
end

local STATE = '>Bddddddds'
local NAMES = {'fixed_window', 'sliding_window', 'moving_window', 'token_bucket'}
local NUMBERS = {fixed_window = 1, sliding_window = 2, moving_window = 3, token_bucket = 4}

local function parse(key, raw)
  local a, capacity, count, period, latest, x, y, z, g = struct.unpack(STATE, raw)
  return {
    key = key, log = key .. ':log', generation = g, algorithm = NAMES[a], capacity = capacity,
    count = count, period = period, latest = latest, x = x, y = y, z = z
  }
end

local function same(c, old)
  return c.algorithm == old.algorithm and c.capacity == old.capacity and c.count == old.count
    and c.period == old.period
end

-- Reads a counter as of now: the latest it was asked at, if the clock went back a little.
local function open(c, now, old)
  c.log = c.key .. ':log'
  c.now, c.stamp = now, now
  local how = algorithms[c.algorithm]
  if not old or old.generation ~= c.generation then
    how.fresh(c)
    how.advance(c)
    return
  end
  local back = old.latest - now
  old.now = math.max(now, old.latest)
  algorithms[old.algorithm].advance(old)
  if back > math.min(STALE, c.period) or not same(c, old) then
    rebase(c, old)
    return
  end
  c.now, c.stamp, c.x, c.y, c.z, c.gone = old.now, old.now, old.x, old.y, old.z, old.gone
  c.unit, c.parts = old.unit, old.parts
end

local function save(c)
  local idle = text(math.max(1, math.ceil(algorithms[c.algorithm].idle(c) / 1000)) + 1)
  -- Needs memory and comes first, so that Redis refuses all of it when there is none.
  redis.call('SET', c.key,
    struct.pack(STATE, NUMBERS[c.algorithm], c.capacity, c.count, c.period, c.now, c.x, c.y, c.z,
      c.generation),
    'PX', idle)
  if c.algorithm ~= 'moving_window' then
    return
  end
  if c.rewrite then
    redis.call('LSET', c.log, c.rewrite.index, c.rewrite.entry)
  end
  if c.forget then
    redis.call('DEL', c.log)
  elseif c.gone > 0 then
    redis.call('LTRIM', c.log, c.gone, -1)
  end
  if c.added then
    local every = tick(c)
    local last = redis.call('LINDEX', c.log, -1)
    local at, units = 0, 0
    if last then
      at, units = entry(last)
    end
    if last and math.floor(at / every) == math.floor(c.y / every) then
      redis.call('LSET', c.log, -1, text(c.y) .. ' ' .. text(units + c.added))
    else
      redis.call('RPUSH', c.log, text(c.y) .. ' ' .. text(c.added))
    end
  end
  redis.call('PEXPIRE', c.log, idle)
end

-- Lends units to a process that counts them by itself: a quarter of what is left at most, for a tenth
-- of the period at most and not beyond the window. Others find them used until it gives some back.
local function lend(c, most)
  local how, x, y = algorithms[c.algorithm], c.x, c.y
  local till = c.now + math.floor(c.period / 10)
  if c.algorithm == 'token_bucket' then
    if c.x < till then
      c.x, c.y = till, 0
    end
  elseif c.algorithm ~= 'moving_window' then
    till = math.min(till, c.x + c.period - 1)
  end
  local units = math.min(most, math.floor(how.free(c) / 4))
  if units <= 0 then
    c.x, c.y = x, y
    return
  end
  c.stamp = till
  how.take(c, units)
  c.lent = units
end

-- A policy's counters are of a generation: a reset begins a new one. Whoever asks tells the latest
-- reset it knows of, as revision and epoch of the commit; one that is not known of its epoch counts.
-- Processes that share counters may have stores of states of their own, each with its epoch.
local begun = {}

local function noted(field)
  return begun[field] or redis.call('HGET', KEYS[1], field)
end

local function generation(policy, told)
  local known = noted(policy) or '0'
  local revision, epoch = string.match(told, '^(%d+)@(.*)$')
  if not revision then
    return known
  end
  local field = policy .. '@' .. epoch
  local latest = noted(field)
  if latest and tonumber(latest) >= tonumber(revision) then
    return known
  end
  begun[field] = revision
  begun[policy] = text(tonumber(known) + 1)
  return begun[policy]
end

local function begin()
  for field, value in pairs(begun) do
    redis.call('HSET', KEYS[1], field, value)
  end
end

local function clock(given)
  if given ~= '' then
    return tonumber(given)
  end
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end
