-- Reads a record and writes its version once more as it is, so that `WAIT` on this connection waits for
-- everything written before. KEYS[1]: the record. Its bytes and its version, or two times nothing.
local found = redis.call('HMGET', KEYS[1], 'd', 'v')
if found[2] then redis.call('HSET', KEYS[1], 'v', found[2]) end
return found
