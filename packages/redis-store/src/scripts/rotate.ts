import { IN_TIME } from './in-time.ts'
import { KEPT_REQUESTS } from './kept-requests.ts'
import { PREDECESSOR } from './predecessor.ts'
import { RECORD } from './record.ts'
import { defineScript } from './script.ts'
import type { Script } from './script.ts'
import { STANDING } from './standing.ts'
import { UNTOLD } from './untold.ts'

/**
 * Gives a token its successor. Replies as `takeStep` reads it, with the record and, where there is one, the successor; for
 * a token that is not active only where the successor has the id that is asked for. Replies `late` outside of the span that
 * it may run in.
 */
export const ROTATE: Script = defineScript(
  'grows',
  String.raw`
local created, digests, ends = KEYS[1], KEYS[2], KEYS[3]
local stem, is_cluster, id, at, overlap_ends = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local to_digest, to_id, to_preview, sealed = ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local from, till = ARGV[10], ARGV[11]
${RECORD}
${STANDING}
${UNTOLD}
${PREDECESSOR}
${KEPT_REQUESTS}
${IN_TIME}
if not is_in_time(from, till) then return { 'late' } end
local request = request_from(4, 12, tonumber(at, 36))
local decided = decided_by(request)
if decided then return decided end
local record = read_record(stem, digests, is_cluster, id)
if not record then return { 'not_found' } end

local function reply(outcome, successor)
  local facts = { outcome, to_tell(record), record.untold, record.digest, text_of(record) }
  if not successor then return facts end
  table.insert(facts, successor.digest)
  table.insert(facts, text_of(successor))
  return facts
end

local is_expired = record.expires ~= '' and not is_before(at, record.expires)
if is_revoked(record, at) or is_expired or record.suspended ~= '' then
  return reply('not_allowed', record.rotated_to == to_id and read_record(stem, digests, is_cluster, to_id))
end
if record.rotated_to ~= '' then
  return reply('already_rotated', read_record(stem, digests, is_cluster, record.rotated_to))
end
local to_hash = hash_of(to_id)
if redis.call('HEXISTS', digests, to_hash) == 1 then return reply('id_taken') end
local predecessor = is_pending(record) and read_record(stem, digests, is_cluster, record.rotated_from)

if record.expires ~= '' and is_before(record.expires, overlap_ends) then overlap_ends = record.expires end
local is_overlapping = is_before(at, overlap_ends)
local owner, origin = string.match(record.facts, '^[^\n]*\n[^\n]*\n[^\n]*\n([^\n]*)\n[^\n]*\n(.*)$')
local successor = {
  revoked = '', suspended = '', used = '', updated = '', untold = '',
  reason = '', rotated_to = '', rotated_from = id, overlap_ends = is_overlapping and overlap_ends or '', sealed = '',
  networks = record.networks, expires = record.expires, id = to_id, created = at,
  facts = table.concat({ record.expires, to_id, at, owner, to_preview, origin }, '\n'),
  hash = to_hash, digest = to_digest, key = stem .. to_digest,
}
if not on_record('SET', successor.key, text_of(successor), 'NX') then
  return redis.error_reply('ERR the digest is in use')
end
redis.call('ZADD', created, tonumber(at, 36), to_id)
redis.call('HSET', digests, to_hash, to_digest)
write_end(ends, successor)

if predecessor then revoke_predecessor(ends, record, predecessor, at) end
record.rotated_to, record.overlap_ends, record.sealed, record.updated = to_id, overlap_ends, sealed, at
if is_overlapping then
  write_record(record)
  write_end(ends, record)
else
  revoke(ends, record, at, 'rotated')
end
keep(request, to_tell(record), successor.digest, text_of(successor))
return reply('rotated', successor)
`,
)
