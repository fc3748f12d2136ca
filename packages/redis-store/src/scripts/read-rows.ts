import { RECORD } from './record.ts'
import { ROWS } from './rows.ts'
import { defineReading } from './script.ts'
import type { Reading } from './script.ts'

/**
 * Reads the next rows of an owner's tokens by creation. Replies how many tokens there are, how many follow these rows, the
 * id and the instant of the last row, then the packed digest and the text of each row.
 */
export const READ_ROWS: Reading = defineReading(String.raw`
local created, digests = KEYS[1], KEYS[2]
local stem, is_cluster = ARGV[1], ARGV[2]
local page = {
  direction = ARGV[3], limit = tonumber(ARGV[4]), position = tonumber(ARGV[5]), after_id = ARGV[6], after_instant = ARGV[7],
}
${RECORD}
${ROWS}
local rows = read_rows(created, digests, stem, is_cluster, page)
local reply = { rows.total, rows.following, rows.last_id, rows.last_instant }
for index, text in ipairs(rows.texts or {}) do
  reply[2 * index + 3] = rows.digests[index]
  reply[2 * index + 4] = text
end
return reply
`)
