import { KEPT_REQUESTS } from './parts/kept-requests.ts'
import { defineScript } from '../client/script.ts'
import type { Script } from '../client/script.ts'
import { hashOf } from './parts/lookup.ts'
import { RECORD } from './parts/record.ts'

/**
 * Removes the token of an abandoned insert, unless it was rotated since. The idempotency key with this answer is free
 * again.
 */
export const WITHDRAW: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local created, digests, ends, requests, expiries = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local stem, is_cluster, id, digest, key, answered = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
${RECORD}
${KEPT_REQUESTS}
local record = find_record(stem, digests, is_cluster, id)
if not record or record.digest ~= digest or record.rotated_to ~= '' then return end
redis.call('DEL', record.key)
redis.call('ZREM', created, id)
local hash = ${hashOf('id')}
redis.call('HDEL', digests, hash)
redis.call('ZREM', ends, hash)
local kept = key and kept_under(requests, key)
if kept and string.match(kept, '^[^\n]*\n([^\n]*)\n') == answered then
  forget(requests, expiries, key)
end
`,
)
