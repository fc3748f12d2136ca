import { KEPT_REQUESTS } from './kept-requests.ts'
import { RECORD } from './record.ts'
import { defineScript } from './script.ts'
import type { Script } from './script.ts'
import { STANDING } from './standing.ts'
import { UNTOLD } from './untold.ts'

/**
 * A script that changes one token, under an idempotency key or without, and replies as `readStep` reads it.
 *
 * @param change Lua that is given `record`, `at`, `ends` and its `wishes`; it returns the outcome where that is not `done`.
 */
export function defineChange(change: string): Script {
  return defineScript(
    'shrinks-or-keeps',
    String.raw`
local digests, ends = KEYS[1], KEYS[2]
local stem, is_cluster, id, at, wishes = ARGV[1], ARGV[2], ARGV[3], ARGV[4], { ARGV[5], ARGV[6], ARGV[7] }
${RECORD}
${STANDING}
${UNTOLD}
${KEPT_REQUESTS}
local function change(record)
${change}
end

local request = request_from(3, 8, tonumber(at, 36))
local decided = decided_by(request)
if decided then return decided end
local record = read_record(stem, digests, is_cluster, id)
if not record then return { 'not_found' } end
local outcome = change(record) or 'done'
local told, text = to_tell(record), text_of(record)
if outcome == 'done' then keep(request, record.untold == '' or told, record.digest, text) end
return { outcome, told, record.untold, record.digest, text }
`,
  )
}
