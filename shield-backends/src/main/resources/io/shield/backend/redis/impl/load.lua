-- Reads documents at one head. ARGV: prefix, the version above which also what Shield wrote is
-- wanted, then the head the caller knows (epoch, revision, commit id; "" if none), then the
-- documents to look at, or none for all.
-- Answers with the rows.
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
return answer(rows)
