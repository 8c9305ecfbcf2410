-- Whether the user may do whatever the scripts do with each key and each family of keys, and
-- whether the server knows the commands: a script that is stopped half way undoes nothing.
-- ARGV: prefix. Answers {"ok"} or {"forbidden", why}. Leaves nothing behind, changes nothing.
local MEMBER = 'shield-probe' -- of nothing
local READS = {
  hash = {{'HGET', MEMBER}, {'HMGET', MEMBER}, {'HKEYS'}, {'HLEN'}, {'HGETALL'}, {'HSCAN', '0'}},
  set = {{'SMEMBERS'}, {'SISMEMBER', MEMBER}, {'SCARD'}, {'SSCAN', '0'}},
  list = {{'LINDEX', '0'}, {'LRANGE', '0', '0'}},
  zset = {{'ZRANGEBYSCORE', '0', '0', 'LIMIT', '0', '1'}, {'ZREVRANGE', '0', '0'}},
  string = {{'GET'}, {'MGET'}}
}
-- What changes nothing where there is something.
local WRITES = {
  hash = {{'HDEL', MEMBER}}, set = {{'SREM', MEMBER}},
  list = {{'LTRIM', '0', '-1'}, {'LREM', '1', MEMBER}},
  zset = {{'ZREM', MEMBER}}, string = {}
}
-- What makes something where there is nothing; it is deleted again.
local MAKES = {
  hash = {'HSET', MEMBER, '1'}, set = {'SADD', MEMBER}, list = {'LPUSH', MEMBER},
  zset = {'ZADD', '1', MEMBER}, string = {'SET', '1', 'NX'}
}
local KEYS_USED = {
  {HEAD, 'hash'}, {VERSIONS, 'hash'}, {WRITTEN, 'hash'}, {DOCUMENTS, 'hash'}, {REQUESTS, 'hash'},
  {REQUEST_TIMES, 'zset'}, {HISTORY, 'list'}, {ROUTES, 'set'}, {POLICIES, 'set'},
  {MIRROR, 'string'}, {AUDIT, 'list'}, {PREFIX .. 'meta:scanned', 'string'},
  {PREFIX .. 'meta:counted', 'string'},
  {PREFIX .. 'state:' .. MEMBER, 'string'}, {PREFIX .. 'rlpolicy:' .. MEMBER, 'string'},
  {AUDIT .. ':path:' .. MEMBER, 'list'}
}

local function contains(text, part)
  return string.find(text, part, 1, true)
end

-- Why a command was refused for good. What else may be wrong, a full memory for instance, is told
-- when it matters.
local function refusal(name, key, ...)
  local answer = key and redis.pcall(name, key, ...) or not key and redis.pcall(name)
  local problem = type(answer) == 'table' and answer.err
  if not problem then
    return nil
  end
  if contains(problem, 'nknown Redis command') or contains(problem, 'nknown command') then
    return 'Redis does not know the command ' .. name .. ': it was renamed or switched off'
  end
  if contains(problem, 'The user executing the script') or contains(problem, 'ACL failure')
      or contains(problem, 'NOPERM') then
    local ofKey = key and contains(problem, ' key')
    return 'the user of Redis is not allowed to run ' .. name
        .. (ofKey and " on the key '" .. key .. "'" or '')
  end
end

local function refusalOf(command, key)
  return refusal(command[1], key, unpack(command, 2))
end

local function firstRefusal(key, kind)
  local found = refusalOf({'TYPE'}, key) or refusalOf({'EXISTS'}, key)
  for _, commands in ipairs({READS[kind], WRITES[kind]}) do
    for _, command in ipairs(commands) do
      found = found or refusalOf(command, key)
    end
  end
  local here = redis.pcall('EXISTS', key)
  if found or here ~= 0 and kind ~= 'string' then
    return found
  end
  local made = redis.pcall(MAKES[kind][1], key, unpack(MAKES[kind], 2))
  found = type(made) == 'table' and made.err and refusalOf(MAKES[kind], key)
  return found or (here == 0 and refusalOf({'DEL'}, key) or nil)
end

local found = refusal('TIME') or refusal('PUBLISH', PREFIX .. 'meta:probe', '1')
    or refusal('DEL', PREFIX .. 'meta:probe')
-- All commands first: a right to a command that is missing is not one to a key.
for _, kind in ipairs({'hash', 'set', 'list', 'zset', 'string'}) do
  found = found or firstRefusal(PREFIX .. 'meta:probe', kind)
end
for _, used in ipairs(KEYS_USED) do
  found = found or firstRefusal(used[1], used[2])
end
return found and {'forbidden', found} or {'ok'}
