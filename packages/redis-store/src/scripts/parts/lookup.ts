/** Lua: an expression. Scripts make their functions anew with each run, and each takes as long as a part of a command. */
export const hashOf = (id: string): string => `string.sub(redis.sha1hex(${id}), 1, 12)`

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

/** Lua: reads the record of a `digest`. If it is not plainly there, it is read again with `LOOKUP`, which few runs need. */
export const readText = (name: string): string => String.raw`
local ${name} = digest and redis.pcall('GET', stem .. digest)
if digest and type(${name}) ~= 'string' then
  ${LOOKUP}
  ${name} = on_record('GET', stem .. digest)
  if not ${name} then check_missing(is_cluster, stem .. digest) end
end
`
