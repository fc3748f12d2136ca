import { defineChange } from './change.ts'
import { PREDECESSOR } from './predecessor.ts'
import type { Script } from './script.ts'

/** Revokes the predecessor of a token that is pending. The outcome is `pending` while the token is so, for `END_PENDING`. */
export const REVOKE_PREDECESSOR: Script = defineChange(`
  ${PREDECESSOR}
  if not is_pending(record) then return end
  local predecessor = read_record(stem, digests, is_cluster, record.rotated_from)
  if predecessor then
    revoke_predecessor(ends, record, predecessor, at)
    write_record(record)
  end
  return 'pending'`)

/** Ends the pending state of a token once the feed has been told of its predecessor. Its wish is what the feed was told. */
export const END_PENDING: Script = defineChange(`
  ${PREDECESSOR}
  forget_told(record, wishes[1])
  if is_pending(record) then record.overlap_ends = '' end
  write_record(record)`)
