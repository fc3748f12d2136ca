import { LOOKUP } from './parts/lookup.ts'
import { ROWS } from './parts/rows.ts'
import { defineReading } from '../client/script.ts'
import type { Reading } from '../client/script.ts'

/**
 * Reads the next rows of an owner's tokens by creation. Replies the number of tokens, the number after these rows, the
 * id and the instant of the last row, then the packed digest and the text of each row.
 *
 * If an index lacks tokens, the number of those that follow the last rows is unknown, and reading on from there fails.
 */
export const READ_ROWS: Reading = defineReading(String.raw`
local created, digests, ends = KEYS[1], KEYS[2], KEYS[3]
local stem, is_cluster = ARGV[1], ARGV[2]
local page = {
  direction = ARGV[3], limit = tonumber(ARGV[4]), position = tonumber(ARGV[5]), after_id = ARGV[6], after_instant = ARGV[7],
}
${LOOKUP}
${ROWS}
local rows = read_rows(created, digests, ends, stem, is_cluster, page)
local is_end = rows.has_gaps and rows.following == 0
if is_end and not rows.last_id then error({ err = 'ERR an index of the owner lacks tokens' }) end
local reply = { rows.total, not is_end and rows.following, rows.last_id, rows.last_instant }
for index, text in ipairs(rows.texts or {}) do
  reply[2 * index + 3] = rows.digests[index]
  reply[2 * index + 4] = text
end
return reply
`)
