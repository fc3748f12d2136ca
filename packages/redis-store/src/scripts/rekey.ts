import { RECORD } from './record.ts'
import { defineScript } from './script.ts'
import type { Script } from './script.ts'
import { UNTOLD } from './untold.ts'

/**
 * Keeps a token under another digest, and remembers the one left behind until the change feed has been told of it. Replies
 * `left` and what to tell of: that one; or, where the token has the digest already, all that are remembered.
 */
export const REKEY: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local digests = KEYS[1]
local stem, is_cluster, id, digest = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
${RECORD}
${UNTOLD}
local record = read_record(stem, digests, is_cluster, id)
if not record then return { 'not_found' } end
if record.digest == digest then return { 'left', record.untold } end
if on_record('EXISTS', stem .. digest) == 1 then return redis.error_reply('ERR the digest is in use') end
local left = hex_of(record.digest)
redis.call('DEL', record.key)
record.untold, record.key = record.untold .. left, stem .. digest
write_record(record)
redis.call('HSET', digests, record.hash, digest)
return { 'left', left }
`,
)
