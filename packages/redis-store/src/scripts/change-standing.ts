import { defineScript } from './script.ts'
import type { Script } from './script.ts'
import { RECORD } from './record.ts'

/** Replies the packed digest and the text of the record after the step; nothing when the owner has no such token. */
function defineChange(change: string): Script {
  return defineScript(
    'shrinks-or-keeps',
    String.raw`
local digests, ends = KEYS[1], KEYS[2]
local stem, is_cluster, id, at = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
${RECORD}
local record = read_record(stem, digests, is_cluster, id)
if not record then return false end
${change}
return { record.digest, text_of(record) }
`,
  )
}

/** First revocation wins. From then on the token counts as active at no instant. */
export const REVOKE: Script = defineChange(`
if record.revoked == '' then
  record.revoked, record.updated = at, at
  write_record(record)
  local ended = tonumber(at, 36)
  if record.expires ~= '' then ended = math.min(ended, tonumber(record.expires, 36)) end
  redis.call('ZADD', ends, -ended, record.hash)
end`)

export const SUSPEND: Script = defineChange(`
if record.revoked == '' and record.suspended == '' then
  record.suspended, record.updated = at, at
  write_record(record)
end`)

export const RESUME: Script = defineChange(`
if record.revoked == '' and record.suspended ~= '' then
  record.suspended, record.updated = '', at
  write_record(record)
end`)
