-- What reading begins with. ARGV[3] to ARGV[5]: the head that the caller knows (epoch, revision, commit
-- id). Ends with {"none"} or {"type", ...} if there is nothing to read.
local wrong = wrongFixedType()
if wrong then
  return wrong
end
local head = redis.call('HMGET', HEAD, 'epoch', 'revision', 'commit', 'ancestors', 'first', 'sums')
if not head[1] then
  return {'none'}
end

-- The answer with what was read: {"head", epoch, revision, commit, ancestors, what was read, 1 if the
-- store came from the known head in this epoch else 0, 1 if nothing was taken over yet else 0, the
-- head's sums or ""}.
local function answer(read)
  local came = head[1] == ARGV[3] and cameFrom(head[2], head[3], ARGV[4], ARGV[5])
  return {'head', head[1], head[2], head[3], head[4] or '', read, came and 1 or 0,
      head[5] and 1 or 0, head[6] or ''}
end

