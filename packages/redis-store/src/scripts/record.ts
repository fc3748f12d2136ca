/**
 * Lua: where a token's record is, and how it is read and written. A record is named by the digest alone, so its key is
 * made here from the owner's `digests`, and Redis does not know it beforehand. While a cluster moves the slot, the record
 * may be on the other node already: what is missing then is not gone. The node that gives the slot away fails a command
 * on such a key, the one that takes it finds nothing; both become Redis' own word for it, at which a client tries again.
 * So each script touches its records before it writes anything.
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
  if type(reply) == 'table' and reply.err then try_again(reply.err) end
  return reply
end

local function check_moving(is_cluster)
  if is_cluster == '1' then try_again('the record is not here') end
end

local function parse_record(text)
  local revoked, suspended, used, updated, untold, life, facts, expires, id, created = string.match(
    text, '^([^\n]*)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n([^\n]*)\n(([^\n]*)\n([^\n]*)\n([^\n]*).*)$')
  local reason, rotated_to, rotated_from, overlap_ends, sealed, networks =
    string.match(life, '^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$')
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
  if not text then return check_moving(is_cluster) end
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
