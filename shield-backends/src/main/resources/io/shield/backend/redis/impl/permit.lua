-- Whether the user may do whatever the scripts do: one that is stopped half way undoes nothing.
-- ARGV: prefix. Answers {"ok"} or {"forbidden", command}. Leaves nothing behind.
local key = PREFIX .. 'meta:probe'
local COMMANDS = {
  {'DEL', key}, {'TYPE', key}, {'EXISTS', key}, {'GET', key}, {'HGET', key, '1'}, {'HMGET', key, '1'},
  {'HKEYS', key}, {'SMEMBERS', key}, {'SISMEMBER', key, '1'}, {'LINDEX', key, '0'},
  {'LRANGE', key, '0', '1'}, {'ZRANGEBYSCORE', key, '0', '1'}, {'TIME'}, {'PUBLISH', key, '1'},
  {'SET', key, '1'}, {'DEL', key}, {'HSET', key, '1', '1'}, {'HDEL', key, '1'},
  {'SADD', key, '1'}, {'SREM', key, '1'}, {'LPUSH', key, '1'}, {'LTRIM', key, '1', '0'},
  {'ZADD', key, '1', '1'}, {'ZREM', key, '1'}
}
for _, command in ipairs(COMMANDS) do
  local answer = redis.pcall(unpack(command))
  local problem = type(answer) == 'table' and answer.err
  -- What else may be wrong, a full memory for instance, is told when it matters.
  if problem and (string.find(problem, 'The user executing the script', 1, true)
      or string.find(problem, 'ACL failure', 1, true) or string.find(problem, 'NOPERM', 1, true)) then
    redis.pcall('DEL', key)
    return {'forbidden', command[1]}
  end
end
return {'ok'}
