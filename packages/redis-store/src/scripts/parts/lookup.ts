/**
 * Lua: looks records up. A record is named by the digest alone, so its key is made here from the owner's `digests`, and
 * Redis does not know it beforehand.
 *
 * While a cluster moves the slot, the record may be on the other node, and a missing one is not gone. Only the server
 * knows that a slot moves: it then fails a command for several keys if one is missing, on both nodes. This failure
 * becomes Redis' own word for it, and the client tries again. A record missing otherwise was removed without its
 * indexes, and is passed over.
 *
 * So each script touches its records before it writes anything.
 */
export const LOOKUP: string = String.raw`
local function hash_of(id)
  return string.sub(redis.sha1hex(id), 1, 12)
end

local function on_record(...)
  local reply = redis.pcall(...)
  if type(reply) ~= 'table' or not reply.err then return reply end
  if string.find(reply.err, 'cluster', 1, true) then
    error({ err = 'TRYAGAIN the slot of the token is being moved: ' .. reply.err })
  end
  error(reply)
end

local function check_missing(is_cluster, key)
  on_record('GET', key) -- MGET takes a key of another kind for a missing one.
  if is_cluster == '1' then on_record('EXISTS', key, key .. '?') end
end
`
