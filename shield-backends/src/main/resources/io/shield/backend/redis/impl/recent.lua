-- Reads the last commits alone, for who holds what was before them. ARGV: prefix, the revision that the
-- caller holds, the head it knows (epoch, revision, commit id).
-- Answers like the load script, with those commits and perhaps others, as JSON, in the place of the
-- rows; {"far"} if there are too many, or something may be lost.
local MOST = 20
local MARGIN = 10 -- commits of the same moment come in any order
readSums(head[6], head[2])
local behind = tonumber(head[2]) - tonumber(ARGV[2])
if head[1] ~= ARGV[3] or behind < 0 or behind > MOST or not sums or damage() then
  return {'far'}
end
local commits = {}
if behind > 0 then
  local ids = redis.call('ZREVRANGE', REQUEST_TIMES, 0, behind + MARGIN)
  for _, commit in ipairs(#ids > 0 and redis.call('HMGET', REQUESTS, unpack(ids)) or {}) do
    if commit then
      commits[#commits + 1] = commit
    end
  end
end
return answer(commits)
