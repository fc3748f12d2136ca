import { LEFTOVERS } from './leftovers.ts'
import { RECORD } from './record.ts'
import { ROWS } from './rows.ts'
import { defineScript } from './script.ts'
import type { Script } from './script.ts'
import { STANDING } from './standing.ts'
import { UNTOLD } from './untold.ts'
import { UNTOLD_OWNER } from './untold-owner.ts'

/**
 * Revokes those of the next `limit` tokens of an owner that a selection means. Replies how many it revoked, the id and the
 * instant of the last one looked at, nothing for them when there are no more, whether an index
 * lacks tokens (see `LEFTOVERS`), and the mark of the owner (see `UNTOLD_OWNER`).
 *
 * Without a `mark`, each token remembers that the feed is to be told of it, and the reply goes on with the id and the
 * digests of each that does. With one, the owner has the mark instead.
 */
export const REVOKE_SOME: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local created, digests, ends = KEYS[1], KEYS[2], KEYS[3]
local stem, is_cluster, at, reason = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local except_id, issued_before, scope, last_used_before = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local mark = ARGV[9]
local page = { direction = 'asc', limit = tonumber(ARGV[10]), position = 0, after_id = ARGV[11], after_instant = ARGV[12] }
${RECORD}
${STANDING}
${UNTOLD}
${UNTOLD_OWNER}
${ROWS}
${LEFTOVERS}
local function is_meant(record)
  if record.revoked ~= '' or '=' .. record.id == except_id then return false end
  if issued_before ~= '' and not is_before(record.created, issued_before) then return false end
  local last_used = record.used == '' and record.created or record.used
  if last_used_before ~= '' and not is_before(last_used, last_used_before) then return false end
  if scope == '' then return true end
  local scopes = string.match(record.facts, '^' .. string.rep('[^\n]*\n', 7) .. '[^\n]*(.*)$')
  return string.find(scopes .. '\n', scope, 1, true) ~= nil
end

local rows = read_rows(created, digests, stem, is_cluster, page)
local texts = rows.texts or {}
local reply, count = {}, 0
for index, text in ipairs(texts) do
  local record = parse_record(text)
  record.hash, record.digest = rows.hashes[index], rows.digests[index]
  record.key = stem .. record.digest
  if is_meant(record) then
    if not is_revoked(record, at) then count = count + 1 end
    if mark ~= '' then
      redis.call('HSET', digests, OWNER_MARK, mark)
    else
      record.untold = record.untold .. hex_of(record.digest)
    end
    revoke(ends, record, at, reason)
  end
  if mark == '' and record.untold ~= '' then
    table.insert(reply, record.id)
    table.insert(reply, record.untold)
  end
end
remove_leftovers(created, digests, ends, rows)
local is_last = rows.following <= 0
return {
  count, not is_last and rows.last_id, not is_last and rows.last_instant, has_gaps(created, digests, ends) and 1 or 0,
  owner_mark(digests), unpack(reply),
}
`,
)
