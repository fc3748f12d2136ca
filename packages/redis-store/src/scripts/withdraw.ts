import { KEPT_REQUESTS } from './kept-requests.ts'
import { defineScript } from './script.ts'
import type { Script } from './script.ts'
import { RECORD } from './record.ts'
import { UNTOLD } from './untold.ts'

/**
 * Removes a token whose insert was given up, unless it was rotated since. The idempotency key that is answered with the
 * token is free again.
 */
export const WITHDRAW: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local created, digests, ends, requests, expiries = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local stem, is_cluster, id, digest, request_key = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
${RECORD}
${UNTOLD}
${KEPT_REQUESTS}
local record = read_record(stem, digests, is_cluster, id)
if not record or record.digest ~= digest or record.rotated_to ~= '' then return end
redis.call('DEL', record.key)
redis.call('ZREM', created, id)
redis.call('HDEL', digests, record.hash)
redis.call('ZREM', ends, record.hash)
local packed = request_key and redis.call('HGET', requests, request_key)
if packed and cmsgpack.unpack(packed)[4] == digest then
  forget(requests, expiries, request_key)
end
`,
)
