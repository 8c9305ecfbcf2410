-- Whether the caller shall look for what others wrote: one node in each interval. ARGV: prefix,
-- interval in milliseconds. Answers 1 or 0.
return redis.call('SET', PREFIX .. 'meta:scanned', '1', 'NX', 'PX', ARGV[2]) and 1 or 0
