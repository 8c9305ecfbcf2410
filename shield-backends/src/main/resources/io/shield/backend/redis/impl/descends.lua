-- Whether the store can have come from a head of its present epoch. ARGV: prefix, that head (epoch,
-- revision, commit id). Answers 1 or 0.
local head = redis.call('HMGET', HEAD, 'epoch', 'revision', 'commit')
local came = head[1] == ARGV[2] and cameFrom(head[2], head[3], ARGV[3], ARGV[4])
return came and 1 or 0
