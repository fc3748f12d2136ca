/**
 * Lua: where a token's record is, and how it is read and written. A record is named by the digest alone, so its key is
 * made here from the owner's `digests`, and Redis does not know it beforehand. While a cluster moves the slot, the record
 * may be on the other node: what is missing then is not gone. Only the server knows whether a slot moves, and it fails a
 * command for several keys of which one is missing, on both nodes. That failure becomes Redis' own word for it, at which
 * a client tries again. A record that is missing otherwise was removed without its indexes, and is passed over.
 *
 * So each script touches its records before it writes anything. One that cannot be read fails the script.
 *
 * Records are texts, see `writeRecord`; `facts` are the lines from the expiry on, which only an edit changes.
 */
export const RECORD: string = String.raw`
local function hash_of(id)
  return string.sub(redis.sha1hex(id), 1, 12)
end

local function try_again(why)
  error({ err = 'TRYAGAIN the slot of the token is being moved: ' .. why })
end

local function on_record(...)
  local reply = redis.pcall(...)
  if type(reply) ~= 'table' or not reply.err then return reply end
  if string.find(reply.err, 'cluster', 1, true) then try_again(reply.err) end
  error(reply)
end

local function check_missing(is_cluster, key)
  on_record('GET', key) -- MGET takes a key of another kind for a missing one.
  if is_cluster == '1' then on_record('EXISTS', key, key .. '?') end
end

local function corrupt()
  error({ err = 'ERR the text of a record is corrupt' })
end

local RECORD = '^' .. string.rep('(%w*)\n', 4) .. '([%x ]*)\n([^\n]*)\n((%w*)\n([^\n]*)\n(%w+)'
  .. string.rep('\n[^\n]*', 5) .. '.*)$'

local function parse_record(text)
  local revoked, suspended, used, updated, untold, life, facts, expires, id, created = string.match(text, RECORD)
  if not facts then corrupt() end
  local reason, rotated_to, rotated_from, overlap_ends, sealed, networks =
    string.match(life, '^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$')
  if life ~= '' and not reason then corrupt() end
  return {
    revoked = revoked, suspended = suspended, used = used, updated = updated, untold = untold,
    reason = reason or '', rotated_to = rotated_to or '', rotated_from = rotated_from or '',
    overlap_ends = overlap_ends or '', sealed = sealed or '', networks = networks or '',
    facts = facts, expires = expires, id = id, created = created,
  }
end

local function read_record(stem, digests, is_cluster, id)
  local hash = hash_of(id)
  local digest = redis.call('HGET', digests, hash)
  if not digest then return nil end
  local text = on_record('GET', stem .. digest)
  if not text then return check_missing(is_cluster, stem .. digest) end
  local record = parse_record(text)
  if record.id ~= id then return nil end
  record.hash, record.digest, record.key = hash, digest, stem .. digest
  return record
end

local function text_of(record)
  local life = table.concat(
    { record.reason, record.rotated_to, record.rotated_from, record.overlap_ends, record.sealed, record.networks }, '\t')
  if life == '\t\t\t\t\t' then life = '' end
  return table.concat(
    { record.revoked, record.suspended, record.used, record.updated, record.untold, life, record.facts }, '\n')
end

local function write_record(record)
  redis.call('SET', record.key, text_of(record))
end
`
