-- Documents as they are found. A row is {document, version, value or nil, or {its type} if it is no
-- text, written, indexed}; written is "" if it is the value, "-" if Shield wrote nothing, else "="
-- and what it wrote.

-- The document under a name of the index; nothing for what a relative of Shield reserves.
local function documentUnder(name)
  if startsWith(name, RESERVED) then
    name = OWN .. string.sub(name, #RESERVED + 1)
  elseif string.find(name, '^__[%w_]+:') then
    return nil
  end
  if not startsWith(name, OWN) then
    return 'state ' .. name
  end
  if name == GLOBAL_NAME or startsWith(name, '__shield:svc_global:') then
    return 'maintenance ' .. name
  end
  if name == '__shield:global_rl__' or startsWith(name, '__shield:svc_rl:') then
    return 'policy ' .. name
  end
end

local function read(command, key, fields)
  if #fields == 0 then
    return {}
  end
  return key and redis.call(command, key, unpack(fields)) or redis.call(command, unpack(fields))
end

-- A version that is never reached: of what Shield wrote nothing is wanted.
local FOREIGN_ONLY = 140737488355327

-- Adds the rows of documents, of at most some thousands, that others wrote or whose version is above
-- a limit; with any lower limit all opaque ones. Many at a time: a call for each takes long.
local function addRows(rows, documents, versions, above)
  local keys, places, names, fields = {}, {}, {}, {}
  for i, document in ipairs(documents) do
    if isOpaque(document) then
      local _, name = split(document)
      names[#names + 1], fields[#fields + 1] = name, i
    else
      keys[#keys + 1], places[#places + 1] = (place(document)), i
    end
  end
  local values, written = {}, {}
  for i, value in ipairs(read('MGET', nil, keys)) do
    values[places[i]] = value
  end
  for i, value in ipairs(read('HMGET', DOCUMENTS, names)) do
    values[fields[i]], written[fields[i]] = value, value
  end
  if #keys > 0 then
    for i, value in ipairs(read('HMGET', WRITTEN, documents)) do
      if not isOpaque(documents[i]) then
        written[i] = value
      end
    end
  end
  for i, document in ipairs(documents) do
    local value, version, opaque = values[i], versions[i] or '0', isOpaque(document)
    if not value and not opaque then
      local wrong = wrongType((place(document)), 'string')
      value = wrong and {wrong[3]} or current(document)
    end
    -- A value without a version is what Shield wrote before the version was lost.
    local same = value == written[i] and (version ~= '0' or not value)
    if not same or tonumber(version) > above or opaque and above < FOREIGN_ONLY then
      local indexed = opaque
      if not opaque then
        local _, index, name = place(document)
        indexed = redis.call('SISMEMBER', index, name) == 1
      end
      local shown = same and '' or (written[i] and '=' .. written[i] or '-')
      rows[#rows + 1] = {document, version, value, shown, indexed and 1 or 0}
    end
  end
end
