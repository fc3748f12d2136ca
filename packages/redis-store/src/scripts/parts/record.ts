/**
 * Lua: finds, reads and writes a token's record. A record is named by the digest alone, so its key is made here from
 * the owner's `digests`, and Redis does not know it beforehand.
 *
 * While a cluster moves the slot, the record may be on the other node, and a missing one is not gone. Only the server
 * knows that a slot moves: it then fails a command for several keys if one is missing, on both nodes. This failure
 * becomes Redis' own word for it, and the client tries again. A record missing otherwise was removed without its
 * indexes, and is passed over.
 *
 * So each script touches its records before it writes anything. An unreadable record fails the script.
 *
 * Records are texts, see `writeRecord`; `facts` are the lines from the expiry on. No script knows a rule of a token's
 * life: `life` holds the two links to a token's neighbours.
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

-- Names a record as it is, each byte of it.
local function version_of(digest, text)
  return redis.sha1hex(digest .. text)
end

local function corrupt()
  error({ err = 'ERR the text of a record is corrupt' })
end

local RECORD = '^(%w*\n%w*\n)(%w*)\n(%w*)\n([%x ]*)\n([^\n]*)\n'
  .. '((%w*)\n([^\n]*)\n(%w+)\n[^\n]*\n[^\n]*\n[^\n]*\n[^\n]*\n[^\n]*.*)$'

local function links_in(life)
  local rotated_to, rotated_from = string.match(life, '^[^\t]*\t([^\t]*)\t([^\t]*)\t[^\t]*\t[^\t]*\t')
  if not rotated_to then corrupt() end
  return rotated_to, rotated_from
end

local function parse_record(text)
  local head, used, updated, owed, life, facts, expires, id, created = string.match(text, RECORD)
  if not facts then corrupt() end
  local rotated_to, rotated_from = '', ''
  if life ~= '' then rotated_to, rotated_from = links_in(life) end
  return {
    head = head, used = used, updated = updated, owed = owed, life = life, facts = facts,
    id = id, rotated_to = rotated_to, rotated_from = rotated_from,
  }
end

local function find_record(stem, digests, is_cluster, id)
  local digest = redis.call('HGET', digests, hash_of(id))
  if not digest then return nil end
  local key = stem .. digest
  local text = on_record('GET', key)
  if not text then return check_missing(is_cluster, key) end
  local record = parse_record(text)
  if record.id ~= id then return nil end
  record.digest, record.key, record.text = digest, key, text
  return record
end

local function write_record(record)
  local facts = { record.used, record.updated, record.owed, record.life, record.facts }
  redis.call('SET', record.key, record.head .. table.concat(facts, '\n'))
end
`
