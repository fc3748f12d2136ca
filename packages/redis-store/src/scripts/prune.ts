import { defineScript } from './script.ts'
import type { Script } from './script.ts'
import { KEPT_REQUESTS } from './kept-requests.ts'
import { RECORD } from './record.ts'
import { UNTOLD } from './untold.ts'

/**
 * Removes at most `most` of an owner's tokens that ended between two instants. Replies how many it went over, how many
 * records it removed, and how many tokens have no end by now: leftovers, see `SWEEP`.
 */
export const PRUNE_TOKENS: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local created, digests, ends = KEYS[1], KEYS[2], KEYS[3]
local stem, is_cluster, from, to, most = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
${RECORD}
local hashes = redis.call('ZRANGE', ends, from, to, 'BYSCORE', 'LIMIT', 0, most)
local removed = 0
for _, hash in ipairs(hashes) do
  local digest = redis.call('HGET', digests, hash)
  local key = stem .. (digest or '')
  local text = digest and on_record('GET', key)
  if text then
    local is_read, record = pcall(parse_record, text)
    if is_read then
      redis.call('ZREM', created, record.id)
      redis.call('HDEL', digests, hash)
    end
    redis.call('DEL', key)
    removed = removed + 1
  elseif digest then
    check_missing(is_cluster, key)
  end
  redis.call('ZREM', ends, hash)
end
return { #hashes, removed, math.max(0, redis.call('ZCARD', created) - redis.call('ZCARD', ends)) }
`,
)

/** Removes at most `most` idempotency keys that have expired by now. Replies how many it removed. */
export const PRUNE_REQUESTS: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local requests, expiries = KEYS[1], KEYS[2]
${UNTOLD}
${KEPT_REQUESTS}
local from, to, most = ARGV[1], ARGV[2], ARGV[3]
local keys = redis.call('ZRANGE', expiries, from, to, 'BYSCORE', 'LIMIT', 0, most)
for _, key in ipairs(keys) do forget(requests, expiries, key) end
return #keys
`,
)
