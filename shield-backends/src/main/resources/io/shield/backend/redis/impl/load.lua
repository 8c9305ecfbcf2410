-- Reads documents at one head. ARGV: prefix, "all" or "foreign" (only what Shield did not write),
-- then the head the caller knows (epoch, revision, commit id; "" if none), then the documents to
-- look at, or none for all.
-- Answers {"head", epoch, revision, commit, ancestors, rows, 1 if the store came from the known
-- head in this epoch else 0, 1 if nothing was taken over yet else 0, the head's sums or ""}, {"none"}
-- or {"type", ...}. A row is {document, version, value or nil, or {its type} if it is no text, written, indexed};
-- written is "" if it is the value, "-" if Shield wrote nothing, else "=" and what it wrote.
local wrong = wrongFixedType()
if wrong then
  return wrong
end
local head = redis.call('HMGET', HEAD, 'epoch', 'revision', 'commit', 'ancestors', 'first', 'sums')
if not head[1] then
  return {'none'}
end

local function documentUnder(name)
  if not startsWith(name, '__shield:') then
    return 'state ' .. name
  end
  if name == GLOBAL_NAME or startsWith(name, '__shield:svc_global:') then
    return 'maintenance ' .. name
  end
  if name == '__shield:global_rl__' or startsWith(name, '__shield:svc_rl:') then
    return 'policy ' .. name
  end
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

local rows = {}
for document in pairs(wanted) do
  local opaque = isOpaque(document)
  wrong = not opaque and wrongType((place(document)), 'string')
  local value = wrong and {wrong[3]} or current(document)
  local version = redis.call('HGET', VERSIONS, document) or '0'
  local written = opaque and value or redis.call('HGET', WRITTEN, document)
  -- A value without a version is what Shield wrote before the version was lost.
  local same = value == written and (version ~= '0' or not value)
  if not same or ARGV[2] == 'all' then
    local indexed = opaque
    if not opaque then
      local _, index, name = place(document)
      indexed = redis.call('SISMEMBER', index, name) == 1
    end
    local shown = same and '' or (written and '=' .. written or '-')
    rows[#rows + 1] = {document, version, value, shown, indexed and 1 or 0}
  end
end
local came = head[1] == ARGV[3] and cameFrom(head[2], head[3], ARGV[4], ARGV[5])
return {'head', head[1], head[2], head[3], head[4] or '', rows, came and 1 or 0,
    head[5] and 1 or 0, head[6] or ''}
