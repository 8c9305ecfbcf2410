-- Begins a new epoch. ARGV: prefix, new epoch, new commit id, the head that was found (epoch,
-- revision, commit id; "" if none), the parent's epoch and revision, audit limit, the entry's path,
-- the entry, "keep" or "replace"; then of each document of the new content: document, value,
-- mirror, message for the original's channel.
-- Answers {"ok", revision}, {"moved"} or {"type", ...}; nothing was written in the last two cases.
local MAX_ANCESTORS = 50
local FIRST, SIZE = 13, 4

local wrong = wrongFixedType() or wrongType(AUDIT .. ':path:' .. ARGV[10], 'list')
if wrong then
  return wrong
end
local head = redis.call('HMGET', HEAD, 'epoch', 'revision', 'commit', 'ancestors')
if (head[1] or '') ~= ARGV[4] or (head[1] and (head[2] ~= ARGV[5] or head[3] ~= ARGV[6])) then
  return {'moved'}
end

local ancestors, known = {}, {}
local function addAncestor(epoch)
  if epoch and epoch ~= '' and not known[epoch] and #ancestors < MAX_ANCESTORS then
    known[epoch] = true
    ancestors[#ancestors + 1] = epoch
  end
end
addAncestor(ARGV[7])
addAncestor(head[1])
for epoch in string.gmatch(head[4] or '', '[^\n]+') do
  addAncestor(epoch)
end

local revision = number(math.max(tonumber(ARGV[8]), tonumber(head[2] or '0')) + 1)
if ARGV[12] == 'replace' then
  for _, name in ipairs(redis.call('SMEMBERS', ROUTES)) do
    redis.call('DEL', PREFIX .. 'state:' .. name)
  end
  for _, name in ipairs(redis.call('SMEMBERS', POLICIES)) do
    redis.call('DEL', PREFIX .. 'rlpolicy:' .. name)
  end
  redis.call('DEL', ROUTES, POLICIES, MIRROR, VERSIONS, WRITTEN, DOCUMENTS)
  for i = FIRST, #ARGV, SIZE do
    write(ARGV[i], ARGV[i + 1], ARGV[i + 2], revision)
  end
end
countAll()
storeSums(revision)
audit(ARGV[10], ARGV[11], revision, tonumber(ARGV[9]), '')
redis.call('HSET', HEAD, 'epoch', ARGV[2], 'revision', revision, 'commit', ARGV[3], 'ancestors',
    table.concat(ancestors, '\n'))
redis.call('DEL', HISTORY)
remember(ARGV[3])
redis.pcall('PUBLISH', COMMITS, 'renewed')
for i = FIRST, #ARGV, SIZE do
  tell(ARGV[i], ARGV[i + 3], revision)
end
return {'ok', revision}
