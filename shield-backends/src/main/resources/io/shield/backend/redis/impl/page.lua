-- Reads some of all documents, so that Redis is never held for long. ARGV: prefix, the version above
-- which also what Shield wrote is wanted, the head the caller knows (epoch, revision, commit id; ""
-- if none), where to go on (stage and cursor; "versions" and "0" at first), "newer" if what others
-- wrote is of no interest, else "".
-- Answers like the load script, with the stage ("" after the last) and the cursor to go on with, and
-- 1 if counting shows no loss else 0; together they are the whole if all have one head. A row may come twice.
local AT_ONCE = ARGV[8] == '' and 150 or 1500
local SOURCES = {
  versions = {'HSCAN', VERSIONS, 'routes'}, routes = {'SSCAN', ROUTES, 'policies'},
  policies = {'SSCAN', POLICIES, 'documents'}, documents = {'HSCAN', DOCUMENTS, ''}
}

local rows, above = {}, tonumber(ARGV[2])

-- Those of them that have no version; the others come under it.
local function addUnversioned(documents)
  if #documents > 0 then
    local unversioned = {}
    for i, version in ipairs(redis.call('HMGET', VERSIONS, unpack(documents))) do
      if not version then
        unversioned[#unversioned + 1] = documents[i]
      end
    end
    addRows(rows, unversioned, {}, above)
  end
end

local function add(stage, found)
  local documents, versions = {}, {}
  if stage == 'versions' then
    for i = 1, #found, 2 do
      if ARGV[8] == '' or tonumber(found[i + 1]) > above then
        documents[#documents + 1], versions[#versions + 1] = found[i], found[i + 1]
      end
    end
    return addRows(rows, documents, versions, above)
  end
  for i = 1, #found, stage == 'documents' and 2 or 1 do
    if stage == 'routes' then
      documents[#documents + 1] = documentUnder(found[i])
    else
      documents[#documents + 1] = (stage == 'policies' and 'policy ' or 'document ') .. found[i]
    end
  end
  addUnversioned(documents)
end

local stage, cursor, seen = ARGV[6], ARGV[7], 0
repeat
  local source = SOURCES[stage]
  local found = redis.call(source[1], source[2], cursor, 'COUNT', tostring(AT_ONCE))
  add(stage, found[2])
  cursor, seen = found[1], seen + #found[2]
  if cursor == '0' then
    stage = ARGV[8] == '' and source[3] or ''
  end
until stage == '' or seen >= AT_ONCE
if stage == '' and ARGV[8] == '' and redis.call('EXISTS', MIRROR) == 1 then
  addUnversioned({GLOBAL})
end
readSums(head[6], head[2])
local found = answer(rows)
found[#found + 1], found[#found + 2], found[#found + 3] = stage, cursor, damage() and 0 or 1
return found
