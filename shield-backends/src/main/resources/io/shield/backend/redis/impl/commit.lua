-- Writes a whole change or nothing. ARGV: prefix, request id, commit id, the head the caller knows
-- (epoch, revision, commit id; "" if none), the change as JSON without audit revisions, audit
-- limit, the number of edits, "mend" if it makes good for lost versions, else "",
-- "later" if the caller publishes it, else ""; of each edit: document, expected version, what is to be there ("" for
-- what Shield wrote last, "-" for nothing, "=" and a text for that), new value ("-" for a deletion,
-- "=" and the text; "~" and a text that says the same in other words, whose version stays), mirror,
-- message for the original's channel; then of each audit entry: path, entry without revision, the
-- entry of others in whose place it stands or "".
-- Answers {"accepted", epoch, revision, predecessor, what to publish}, {"repeated", commit} (one
-- without its change if that was long),
-- {"conflict", epoch, revision, commit, {document, version, value, ...}}, {"foreign", document...},
-- {"none"}, {"strange", epoch, revision, commit}, {"damaged", ...} or {"type", ...}; nothing was
-- written then; or {"half", why} if the server stopped it in the middle.
local RETENTION_MILLIS = 15 * 60 * 1000
local MAX_REMEMBERED = 65536 -- bytes of a change; who asks again has it
local FIRST_EDIT, EDIT_SIZE = 12, 6
local edits = tonumber(ARGV[9])
local limit = tonumber(ARGV[8])
local firstAudit = FIRST_EDIT + edits * EDIT_SIZE

local function isReworded(value)
  return startsWith(value, '~')
end

local wrong = wrongFixedType()
if wrong then
  return wrong
end
local head = redis.call('HMGET', HEAD, 'epoch', 'revision', 'commit', 'first', 'sums')
local epoch, last, predecessor = head[1], head[2], head[3]
if not epoch then
  return {'none'}
end
local repeated = redis.call('HGET', REQUESTS, ARGV[2])
if repeated then
  return {'repeated', repeated}
end
if ARGV[4] ~= '' and not (ARGV[4] == epoch and cameFrom(last, predecessor, ARGV[5], ARGV[6])) then
  return {'strange', epoch, last, predecessor}
end
readSums(head[5], last)
local damaged = damage()
if damaged and (ARGV[10] ~= 'mend' or damaged[2] == 0) then
  return damaged
end
if ARGV[10] == 'mend' then
  sums = nil
end

local foreign, conflicts = {'foreign'}, {}
for i = FIRST_EDIT, firstAudit - 1, EDIT_SIZE do
  local document, seen = ARGV[i], ARGV[i + 2]
  if not isOpaque(document) then
    wrong = wrongType((place(document)), 'string')
    if wrong then
      return wrong
    end
  end
  local value = current(document)
  local there = value and '=' .. value or '-'
  if seen == '' and not isOpaque(document) and value ~= redis.call('HGET', WRITTEN, document)
      or seen ~= '' and seen ~= there then
    foreign[#foreign + 1] = document
  end
  local version = redis.call('HGET', VERSIONS, document) or '0'
  if version ~= ARGV[i + 1] and not isReworded(ARGV[i + 3]) then
    conflicts[#conflicts + 1] = document
    conflicts[#conflicts + 1] = version
    conflicts[#conflicts + 1] = value
  end
end
if #foreign > 1 then
  return foreign
end
if #conflicts > 0 then
  return {'conflict', epoch, last, predecessor, conflicts}
end
for i = firstAudit, #ARGV, 3 do
  wrong = wrongType(AUDIT .. ':path:' .. ARGV[i], 'list')
  if wrong then
    return wrong
  end
end

-- Whatever can fail comes before the first write, because a script that fails undoes nothing.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local old = redis.call('ZRANGEBYSCORE', REQUEST_TIMES, '-inf', now - RETENTION_MILLIS, 'LIMIT', 0, 100)

local revision = number(last + 1)
local function commitJson(change)
  return '{"head":' .. headJson(epoch, revision, ARGV[3]) .. ',"predecessor":'
      .. cjson.encode(predecessor) .. ',"change":' .. change .. '}'
end
local commit = commitJson(ARGV[7])

local function writeAll()
  for i = FIRST_EDIT, firstAudit - 1, EDIT_SIZE do
    local value = ARGV[i + 3]
    if isReworded(value) then
      reword(ARGV[i], string.sub(value, 2))
    else
      write(ARGV[i], value ~= '-' and string.sub(value, 2), ARGV[i + 4], revision)
    end
  end
  if not sums then
    countAll()
  end
  storeSums(revision)
  for i = firstAudit, #ARGV, 3 do
    audit(ARGV[i], ARGV[i + 1], revision, limit, ARGV[i + 2])
  end
  redis.call('HSET', HEAD, 'revision', revision, 'commit', ARGV[3])
  if head[4] then
    redis.call('HDEL', HEAD, 'first')
  end
  remember(ARGV[3])
  redis.call('HSET', REQUESTS, ARGV[2], #ARGV[7] <= MAX_REMEMBERED and commit
      or commitJson('null'))
  redis.call('ZADD', REQUEST_TIMES, now, ARGV[2])
  if #old > 0 then
    redis.call('HDEL', REQUESTS, unpack(old))
    redis.call('ZREM', REQUEST_TIMES, unpack(old))
  end
end

-- The first write changes nothing: a replica, a full memory and the like refuse it, and no later one.
redis.call('HSET', HEAD, 'commit', predecessor)
local written, problem = pcall(writeAll)
if not written then
  return {'half', type(problem) == 'table' and problem.err or tostring(problem)}
end

if ARGV[11] ~= 'later' then
  redis.pcall('PUBLISH', COMMITS, commit)
end
for i = FIRST_EDIT, firstAudit - 1, EDIT_SIZE do
  local version = isReworded(ARGV[i + 3]) and redis.call('HGET', VERSIONS, ARGV[i]) or revision
  tell(ARGV[i], ARGV[i + 5], version)
end
return {'accepted', epoch, revision, predecessor, ARGV[11] == 'later' and commit or ''}
