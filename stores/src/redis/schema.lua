-- Claims a prefix if nobody has. KEYS[1]: the note of whose it is. ARGV[1]: the schema. What the note says then.
if redis.call('EXISTS', KEYS[1]) == 0 then
    redis.call('HSET', KEYS[1], 'application', 'pinlatch', 'schema', ARGV[1])
end
return redis.call('HMGET', KEYS[1], 'application', 'schema')
