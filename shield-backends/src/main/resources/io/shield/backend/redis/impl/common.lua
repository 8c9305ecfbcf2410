-- What the scripts share. ARGV[1] is the prefix of every key and channel, and in a second line what
-- reserved names begin with where others read them. A document is named by its kind and Shield's own
-- key, "state GET:/payments".
local PREFIX, RESERVED = string.match(ARGV[1], '^(.*)\n(.*)$')
local OWN = '__shield:'

-- All further arguments come as one, each behind its length in bytes and a colon: clients take long
-- to send a hundred thousand.
local function unpackArguments()
  local packed, at, n = ARGV[2] or '', 1, 2
  ARGV[2] = nil
  while at <= #packed do
    local colon = string.find(packed, ':', at, true)
    local last = colon + tonumber(string.sub(packed, at, colon - 1))
    ARGV[n] = string.sub(packed, colon + 1, last)
    n, at = n + 1, last + 1
  end
end
unpackArguments()

local HEAD = PREFIX .. 'meta:head'
local VERSIONS = PREFIX .. 'meta:versions' -- document -> revision of the commit that wrote it
local WRITTEN = PREFIX .. 'meta:written' -- document -> what Shield wrote last
local DOCUMENTS = PREFIX .. 'meta:documents' -- name -> content of an opaque document
local REQUESTS = PREFIX .. 'meta:requests' -- request id -> commit
local REQUEST_TIMES = PREFIX .. 'meta:request-times'
local HISTORY = PREFIX .. 'meta:history' -- ids of the last commits of the epoch, newest first
local COMMITS = PREFIX .. 'meta:commits' -- channel
local ROUTES = PREFIX .. 'route-index'
local POLICIES = PREFIX .. 'rl-policy-index'
local MIRROR = PREFIX .. 'global'
local AUDIT = PREFIX .. 'audit'
local GLOBAL = 'maintenance __shield:global__'
local GLOBAL_NAME = '__shield:global__'

local function wrongType(key, wanted)
  local found = redis.call('TYPE', key).ok
  if found ~= 'none' and found ~= wanted then
    return {'type', key, found, wanted}
  end
end

local function wrongFixedType()
  return wrongType(HEAD, 'hash') or wrongType(VERSIONS, 'hash') or wrongType(WRITTEN, 'hash')
      or wrongType(DOCUMENTS, 'hash') or wrongType(REQUESTS, 'hash')
      or wrongType(REQUEST_TIMES, 'zset') or wrongType(HISTORY, 'list')
      or wrongType(ROUTES, 'set')
      or wrongType(POLICIES, 'set') or wrongType(MIRROR, 'string') or wrongType(AUDIT, 'list')
end

local function split(document)
  return string.match(document, '^(%l+) (.*)$')
end

local function startsWith(text, start)
  return string.sub(text, 1, #start) == start
end

-- The key, the index and the name in it of a document that is not opaque.
local function place(document)
  local kind, name = split(document)
  if startsWith(name, OWN) then
    name = RESERVED .. string.sub(name, #OWN + 1)
  elseif kind == 'policy' then
    return PREFIX .. 'rlpolicy:' .. name, POLICIES, name
  end
  return PREFIX .. 'state:' .. name, ROUTES, name
end

local function isOpaque(document)
  return startsWith(document, 'document ')
end

-- What lies there now, false if nothing. The mirror stands in for the fleet's maintenance.
local function current(document)
  if isOpaque(document) then
    local _, name = split(document)
    return redis.call('HGET', DOCUMENTS, name)
  end
  local raw = redis.call('GET', (place(document)))
  if not raw and document == GLOBAL then
    raw = redis.call('GET', MIRROR)
  end
  return raw
end

local function number(value)
  return string.format('%.0f', tonumber(value))
end

-- A JSON object with one more field.
local function with(json, field, value)
  return string.sub(json, 1, -2) .. ',"' .. field .. '":' .. value .. '}'
end

local function headJson(epoch, revision, commit)
  return '{"epoch":' .. cjson.encode(epoch) .. ',"revision":' .. revision .. ',"commit_id":'
      .. cjson.encode(commit) .. '}'
end

local function hash(text)
  local digest = redis.sha1hex(text)
  return tonumber(string.sub(digest, 1, 6), 16) * 0x1000000 + tonumber(string.sub(digest, 7, 12), 16)
end

-- What shows that a field of VERSIONS or DOCUMENTS was lost: their counts and the sums of the
-- hashes of their fields, kept in the head with the revision they were made at. They say nothing
-- after a writer that does not know them. Kept up to date by write() while there are any.
local SUM_LIMIT = 0x1000000000000
local sums

local function newSums()
  return {versions = 0, versionHashes = 0, documents = 0, documentHashes = 0}
end

local function count(kind, hashes, name, value, by)
  if value then
    sums[kind] = sums[kind] + by
    sums[hashes] = (sums[hashes] + by * hash(name .. ' ' .. value)) % SUM_LIMIT
  end
end

local function readSums(text, revision)
  local of, versions, versionHashes, documents, documentHashes =
      string.match(text or '', '^(%d+) (%d+) (%d+) (%d+) (%d+)$')
  if of == revision then
    sums = {versions = tonumber(versions), versionHashes = tonumber(versionHashes),
        documents = tonumber(documents), documentHashes = tonumber(documentHashes)}
  end
end

-- Makes them of what is there.
local function countAll()
  sums = newSums()
  local all = redis.call('HGETALL', VERSIONS)
  for i = 1, #all, 2 do
    count('versions', 'versionHashes', all[i], all[i + 1], 1)
  end
  all = redis.call('HGETALL', DOCUMENTS)
  for i = 1, #all, 2 do
    count('documents', 'documentHashes', all[i], all[i + 1], 1)
  end
end

-- Whether fields are missing, as far as counting shows it: {"damaged", 1 if only versions are}.
local function damage()
  if sums then
    local documents = redis.call('HLEN', DOCUMENTS) ~= sums.documents
    if documents or redis.call('HLEN', VERSIONS) ~= sums.versions then
      return {'damaged', documents and 0 or 1}
    end
  end
end

local function storeSums(revision)
  redis.call('HSET', HEAD, 'sums', string.format('%s %.0f %.0f %.0f %.0f', revision,
      sums.versions, sums.versionHashes, sums.documents, sums.documentHashes))
end

local function setVersion(document, revision)
  if sums then
    count('versions', 'versionHashes', document, redis.call('HGET', VERSIONS, document), -1)
    count('versions', 'versionHashes', document, revision, 1)
  end
  if revision then
    redis.call('HSET', VERSIONS, document, revision)
  else
    redis.call('HDEL', VERSIONS, document)
  end
end

-- Writes a value, or deletes the document when it is false.
local function write(document, value, mirror, revision)
  if isOpaque(document) then
    local _, name = split(document)
    if sums then
      count('documents', 'documentHashes', name, redis.call('HGET', DOCUMENTS, name), -1)
      count('documents', 'documentHashes', name, value, 1)
    end
    if value then
      redis.call('HSET', DOCUMENTS, name, value)
    else
      redis.call('HDEL', DOCUMENTS, name)
    end
  else
    local key, index, name = place(document)
    if value then
      redis.call('SET', key, value)
      redis.call('SADD', index, name)
      redis.call('HSET', WRITTEN, document, value)
    else
      redis.call('DEL', key)
      redis.call('SREM', index, name)
      redis.call('HDEL', WRITTEN, document)
    end
  end
  if document == GLOBAL then
    if value then
      redis.call('SET', MIRROR, mirror)
    else
      redis.call('DEL', MIRROR)
    end
  end
  setVersion(document, value and revision)
end

-- Says the same of a document in other words.
local function reword(document, value)
  redis.call('SET', (place(document)), value)
  redis.call('HSET', WRITTEN, document, value)
end

-- Adds to the history, which is long enough for any node that was not away for long.
local function remember(commit)
  redis.call('LPUSH', HISTORY, commit)
  redis.call('LTRIM', HISTORY, 0, 9999)
end

-- Whether the store, at the given head, came from a known one of the same epoch: PROVEN, DENIED, or
-- FORGOTTEN further back than the history goes.
local function descent(revision, commit, knownRevision, knownCommit)
  local behind = tonumber(revision) - tonumber(knownRevision)
  if behind < 0 then
    return 'DENIED'
  end
  local then_ = behind == 0 and commit or redis.call('LINDEX', HISTORY, number(behind))
  if not then_ then
    return 'FORGOTTEN'
  end
  return then_ == knownCommit and 'PROVEN' or 'DENIED'
end

-- Whether it can have; the revision alone tells when it is forgotten.
local function cameFrom(revision, commit, knownRevision, knownCommit)
  return descent(revision, commit, knownRevision, knownCommit) ~= 'DENIED'
end

-- Logs an entry, in the place of one that others wrote about the same unless that is "".
local function audit(path, entry, revision, limit, replaced)
  local json = with(entry, 'revision', revision)
  local ofPath = AUDIT .. ':path:' .. path
  if replaced ~= '' then
    redis.call('LREM', AUDIT, 1, replaced)
    redis.call('LREM', ofPath, 1, replaced)
  end
  redis.call('LPUSH', AUDIT, json)
  redis.call('LTRIM', AUDIT, 0, limit - 1)
  redis.call('LPUSH', ofPath, json)
  redis.call('LTRIM', ofPath, 0, limit - 1)
end

-- Tells the original's listeners. Nothing that fails here may undo what was written.
local function tell(document, message, version)
  if message == '' then
    return
  end
  local kind, name = split(document)
  local policy = kind == 'policy' and not startsWith(name, OWN)
  local channel = PREFIX .. (policy and 'rl-policy-change' or 'changes')
  redis.pcall('PUBLISH', channel, with(message, 'version', version))
  if document == GLOBAL then
    redis.pcall('PUBLISH', PREFIX .. 'global_invalidate', '1')
  end
end
