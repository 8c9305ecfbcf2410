-- Whether the caller shall look for what others wrote: one node in each interval. ARGV: prefix,
-- interval in milliseconds, then why: "" because it is time, else something that one node in the
-- interval looks into: by how much the indexes name more than Shield wrote, or that connections were
-- opened again. Answers 1 or 0.
if ARGV[3] == '' then
  return redis.call('SET', PREFIX .. 'meta:scanned', '1', 'NX', 'PX', ARGV[2]) and 1 or 0
end
local key = PREFIX .. 'meta:counted'
if redis.call('GET', key) == ARGV[3] then
  return 0
end
redis.call('SET', key, ARGV[3], 'PX', ARGV[2])
return 1
