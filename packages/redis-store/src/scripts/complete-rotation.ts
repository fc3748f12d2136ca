import { PREDECESSOR } from './predecessor.ts'
import { RECORD } from './record.ts'
import { defineScript } from './script.ts'
import type { Script } from './script.ts'
import { STANDING } from './standing.ts'
import { UNTOLD } from './untold.ts'

/** Revokes the predecessor of a token that is pending. Replies `pending` or `completed`, and then as `takeStep` reads it. */
export const REVOKE_PREDECESSOR: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local digests, ends = KEYS[1], KEYS[2]
local stem, is_cluster, id, at = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
${RECORD}
${STANDING}
${UNTOLD}
${PREDECESSOR}
local record = read_record(stem, digests, is_cluster, id)
if not record then return { 'not_found' } end
local predecessor = is_pending(record) and read_record(stem, digests, is_cluster, record.rotated_from)
if predecessor then
  revoke_predecessor(ends, record, predecessor, at)
  write_record(record)
end
local outcome = is_pending(record) and 'pending' or 'completed'
return { outcome, to_tell(record), record.untold, record.digest, text_of(record) }
`,
)

/** Ends the pending state of a token once the feed has been told of its predecessor. Replies like the former. */
export const END_PENDING: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local digests = KEYS[1]
local stem, is_cluster, id, told = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
${RECORD}
${STANDING}
${UNTOLD}
${PREDECESSOR}
local record = read_record(stem, digests, is_cluster, id)
if not record then return { 'not_found' } end
forget_told(record, told)
if is_pending(record) then record.overlap_ends = '' end
write_record(record)
return { 'completed', to_tell(record), record.untold, record.digest, text_of(record) }
`,
)
