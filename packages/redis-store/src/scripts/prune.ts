import { defineScript } from './script.ts'
import type { Script } from './script.ts'
import { RECORD } from './record.ts'

/** Removes at most `most` of an owner's tokens that ended between two instants. Replies how many it removed. */
export const PRUNE_TOKENS: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local created, digests, ends = KEYS[1], KEYS[2], KEYS[3]
local stem, is_cluster, from, to, most = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
${RECORD}
local hashes = redis.call('ZRANGE', ends, from, to, 'BYSCORE', 'LIMIT', 0, most)
for _, hash in ipairs(hashes) do
  local key = stem .. (redis.call('HGET', digests, hash) or '')
  local text = on_record('GET', key)
  if text then redis.call('ZREM', created, parse_record(text).id) else check_missing(is_cluster, key) end
  redis.call('DEL', key)
  redis.call('HDEL', digests, hash)
  redis.call('ZREM', ends, hash)
end
return #hashes
`,
)

/** Removes those of some idempotency keys that have expired by now. Replies where to go on, `0` at the end. */
export const PRUNE_REQUESTS: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local requests = KEYS[1]
local now, cursor = tonumber(ARGV[1]), ARGV[2]
local scanned = redis.call('HSCAN', requests, cursor)
local kept = scanned[2]
for index = 1, #kept, 2 do
  local expires = cmsgpack.unpack(kept[index + 1])[1]
  if expires <= now then redis.call('HDEL', requests, kept[index]) end
end
return scanned[1]
`,
)
