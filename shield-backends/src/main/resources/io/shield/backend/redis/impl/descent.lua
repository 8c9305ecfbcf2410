-- Whether one head came from an earlier one. ARGV: prefix, the earlier head and the later (epoch,
-- revision, commit id of each). Answers PROVEN, DENIED or FORGOTTEN.
local head = redis.call('HMGET', HEAD, 'epoch', 'revision', 'commit')
if head[1] ~= ARGV[2] or head[1] ~= ARGV[5] then
  return 'DENIED'
end
local fromLater = descent(head[2], head[3], ARGV[6], ARGV[7])
return fromLater == 'PROVEN' and descent(head[2], head[3], ARGV[3], ARGV[4]) or fromLater
