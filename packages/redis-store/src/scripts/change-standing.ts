import { defineChange } from './change.ts'
import type { Script } from './script.ts'

/** First revocation wins. From then on the token counts as active at no instant. Its wish is the reason. */
export const REVOKE: Script = defineChange(`
  revoke(ends, record, at, wishes[1])`)

export const SUSPEND: Script = defineChange(`
  if is_revoked(record, at) then return 'not_allowed' end
  if record.suspended ~= '' and not is_before(updated_of(record), at) then return end
  if record.suspended == '' then record.suspended = at end
  move_updated(record, at)
  write_record(record)`)

export const RESUME: Script = defineChange(`
  if is_revoked(record, at) then return 'not_allowed' end
  if record.suspended == '' then return end
  if is_before(at, updated_of(record)) then return 'outdated' end
  record.suspended, record.updated = '', at
  write_record(record)`)
