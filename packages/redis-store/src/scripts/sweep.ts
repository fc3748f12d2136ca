import { LEFTOVERS } from './parts/leftovers.ts'
import { LOOKUP } from './parts/lookup.ts'
import { ROWS } from './parts/rows.ts'
import { defineScript } from '../client/script.ts'
import type { Script } from '../client/script.ts'

/** Removes the leftovers among an owner's next tokens. Replies the id and the instant to go on after; nothing at the end. */
export const SWEEP: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local created, digests, ends = KEYS[1], KEYS[2], KEYS[3]
local stem, is_cluster = ARGV[1], ARGV[2]
local page = { direction = 'asc', limit = tonumber(ARGV[3]), position = 0, after_id = ARGV[4], after_instant = ARGV[5] }
${LOOKUP}
${ROWS}
${LEFTOVERS}
local rows = read_rows(created, digests, ends, stem, is_cluster, page)
remove_leftovers(created, digests, ends, rows)
return rows.following > 0 and { rows.last_id, rows.last_instant }
`,
)
