import { defineScript } from '../client/script.ts'
import type { Script } from '../client/script.ts'
import { KEPT_REQUESTS } from './parts/kept-requests.ts'
import { RECORD } from './parts/record.ts'

/**
 * Removes at most `most` of an owner's tokens ended between two instants. Replies the number of examined tokens, of
 * removed records, and of tokens without an end: leftovers, see `SWEEP`.
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

/** Removes at most `most` expired idempotency keys. Replies their number. */
export const PRUNE_REQUESTS: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local requests, expiries = KEYS[1], KEYS[2]
${KEPT_REQUESTS}
local from, to, most = ARGV[1], ARGV[2], ARGV[3]
local keys = redis.call('ZRANGE', expiries, from, to, 'BYSCORE', 'LIMIT', 0, most)
for _, key in ipairs(keys) do forget(requests, expiries, key) end
return #keys
`,
)
