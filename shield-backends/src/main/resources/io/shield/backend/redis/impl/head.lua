-- Where the store is. ARGV: prefix. Answers {"head", epoch, revision, commit, ancestors, 1 if
-- counting shows no loss else 0, by how much the indexes name more than Shield wrote or "" if they
-- do not}, {"none"} or {"type", ...}.
local wrong = wrongFixedType()
if wrong then
  return wrong
end
local head = redis.call('HMGET', HEAD, 'epoch', 'revision', 'commit', 'ancestors', 'sums')
if not head[1] then
  return {'none'}
end
readSums(head[5], head[2])
local more = redis.call('SCARD', ROUTES) + redis.call('SCARD', POLICIES)
    - redis.call('HLEN', WRITTEN)
return {'head', head[1], head[2], head[3], head[4] or '', damage() and 0 or 1,
    more == 0 and '' or tostring(more)}
