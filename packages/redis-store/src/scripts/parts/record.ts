import { LOOKUP, hashOf } from './lookup.ts'

/** Lua: an expression that names a record as it is, each byte of it. */
export const versionOf = (digest: string, text: string): string => `redis.sha1hex(${digest} .. ${text})`

/** Lua: the pattern of a record's life and its id. */
export const LIFE_AND_ID: string = String.raw`'^%w*\n%w*\n%w*\n%w*\n[%x ]*\n([^\n]*)\n[^\n]*\n([^\n]*)\n'`

/** Lua: fails the script. */
export const CORRUPT: string = String.raw`error({ err = 'ERR the text of a record is corrupt' })`

/** Lua: reads the two links of a token's `life`. An unreadable record fails the script. */
export const LINKS: string = String.raw`
local rotated_to, rotated_from = string.match(life, '^[^\t]*\t([^\t]*)\t([^\t]*)\t[^\t]*\t[^\t]*\t')
if not rotated_to then ${CORRUPT} end
`

/**
 * Lua: finds, reads and writes a token's record. Each function of a script costs time with each run, so a script that needs
 * only some takes the parts.
 *
 * Records are texts, see `writeRecord`; `facts` are the lines from the expiry on. No script knows a rule of a token's
 * life: `life` holds the two links to a token's neighbours.
 */
export const RECORD: string = String.raw`${LOOKUP}
local RECORD = '^(%w*\n%w*\n)(%w*)\n(%w*)\n([%x ]*)\n([^\n]*)\n'
  .. '((%w*)\n([^\n]*)\n(%w+)\n[^\n]*\n[^\n]*\n[^\n]*\n[^\n]*\n[^\n]*.*)$'

local function parse_record(text)
  local head, used, updated, owed, life, facts, expires, id, created = string.match(text, RECORD)
  if not facts then ${CORRUPT} end
  local record = {
    head = head, used = used, updated = updated, owed = owed, life = life, facts = facts,
    id = id, rotated_to = '', rotated_from = '',
  }
  if life ~= '' then
    ${LINKS}
    record.rotated_to, record.rotated_from = rotated_to, rotated_from
  end
  return record
end

local function find_record(stem, digests, is_cluster, id)
  local digest = redis.call('HGET', digests, ${hashOf('id')})
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
