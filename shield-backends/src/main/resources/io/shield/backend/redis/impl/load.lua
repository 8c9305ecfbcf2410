-- Reads documents at one head. ARGV: prefix, the version above which also what Shield wrote is
-- wanted, then the head the caller knows (epoch, revision, commit id; "" if none), then the
-- documents to look at, or none for all.
-- Answers {"head", epoch, revision, commit, ancestors, rows, 1 if the store came from the known
-- head in this epoch else 0, 1 if nothing was taken over yet else 0, the head's sums or ""}, {"none"}
-- or {"type", ...}.
local wrong = wrongFixedType()
if wrong then
  return wrong
end
local head = redis.call('HMGET', HEAD, 'epoch', 'revision', 'commit', 'ancestors', 'first', 'sums')
if not head[1] then
  return {'none'}
end

local wanted = {}
if #ARGV > 5 then
  for i = 6, #ARGV do
    wanted[ARGV[i]] = true
  end
else
  for _, document in ipairs(redis.call('HKEYS', VERSIONS)) do
    wanted[document] = true
  end
  for _, name in ipairs(redis.call('HKEYS', DOCUMENTS)) do
    wanted['document ' .. name] = true
  end
  for _, name in ipairs(redis.call('SMEMBERS', ROUTES)) do
    local document = documentUnder(name)
    if document then
      wanted[document] = true
    end
  end
  for _, name in ipairs(redis.call('SMEMBERS', POLICIES)) do
    wanted['policy ' .. name] = true
  end
  if redis.call('EXISTS', MIRROR) == 1 then
    wanted[GLOBAL] = true
  end
end

local rows, documents = {}, {}
local function flush()
  if #documents > 0 then
    addRows(rows, documents, redis.call('HMGET', VERSIONS, unpack(documents)), tonumber(ARGV[2]))
    documents = {}
  end
end
for document in pairs(wanted) do
  documents[#documents + 1] = document
  if #documents == 500 then
    flush()
  end
end
flush()
local came = head[1] == ARGV[3] and cameFrom(head[2], head[3], ARGV[4], ARGV[5])
return {'head', head[1], head[2], head[3], head[4] or '', rows, came and 1 or 0,
    head[5] and 1 or 0, head[6] or ''}
