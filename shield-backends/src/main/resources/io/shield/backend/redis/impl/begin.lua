-- Gives a store without a head its first one. ARGV: prefix, epoch, commit id. Answers {"ok"}, also
-- when another node was faster, or {"type", ...}.
local wrong = wrongFixedType()
if wrong then
  return wrong
end
if redis.call('EXISTS', HEAD) == 0 then
  -- Only the head may have been lost: what is there stays, token revocations for instance.
  redis.call('DEL', VERSIONS, WRITTEN, REQUESTS, REQUEST_TIMES, HISTORY)
  redis.call('HSET', HEAD, 'epoch', ARGV[2], 'revision', '1', 'commit', ARGV[3], 'ancestors', '')
  remember(ARGV[3])
  if redis.call('EXISTS', ROUTES, POLICIES, MIRROR, DOCUMENTS) > 0 then
    -- What is there now is taken over without a word in the audit log, what comes later is not.
    redis.call('HSET', HEAD, 'first', '1')
  end
end
return {'ok'}
