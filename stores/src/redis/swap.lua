-- Compares and writes in one step. KEYS[1]: the record. ARGV: the version that is expected, or 'absent';
-- the new version; the new bytes. 1 if it was written, 0 if something else was found.
-- Versions stay texts: a number of Lua's is a double and ends at 2^53.
if ARGV[1] == 'absent' then
    if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
elseif redis.call('HGET', KEYS[1], 'v') ~= ARGV[1] then
    return 0
end
-- The first write, since the server looks whether there is memory before a script's first write only.
redis.call('HSET', KEYS[1], 'd', ARGV[3], 'v', ARGV[2])
-- An expiry that somebody set would make a spent budget come back. An error of this is no error of the write.
redis.pcall('PERSIST', KEYS[1])
return 1
