import { defineScript } from './script.ts'
import type { Script } from './script.ts'
import { RECORD } from './record.ts'

/**
 * Keeps a token under another digest, and remembers the one left behind until {@link SETTLE} says that the change feed
 * has told of it. Replies what to tell of, in hex: that one; or, where the token has the digest already, all that are
 * remembered.
 */
export const REKEY: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local digests = KEYS[1]
local stem, is_cluster, id, digest = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
${RECORD}
local function hex_of(bytes)
  return (string.gsub(bytes, '.', function(char) return string.format('%02x', string.byte(char)) end))
end

local record = read_record(stem, digests, is_cluster, id)
if not record then return '' end
if record.digest == digest then return record.unannounced end
if on_record('EXISTS', stem .. digest) == 1 then return redis.error_reply('ERR the digest is in use') end
local left = hex_of(record.digest) .. ' '
redis.call('DEL', record.key)
record.unannounced, record.key = record.unannounced .. left, stem .. digest
write_record(record)
redis.call('HSET', digests, record.hash, digest)
return left
`,
)

/** Forgets digests left behind, in hex, that the change feed has told of. */
export const SETTLE: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local digests = KEYS[1]
local stem, is_cluster, id = ARGV[1], ARGV[2], ARGV[3]
${RECORD}
local record = read_record(stem, digests, is_cluster, id)
if not record then return end
for index = 4, #ARGV do record.unannounced = string.gsub(record.unannounced, ARGV[index] .. ' ', '', 1) end
write_record(record)
`,
)
