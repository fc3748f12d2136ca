import { defineScript } from './script.ts'
import type { Script } from './script.ts'
import { RECORD } from './record.ts'

/**
 * Replies `inserted`, `replayed` with the packed digest and the text of what was inserted, `idempotency_conflict`,
 * `limit_reached` with the number of active tokens, or `id_taken` with the packed digest of the token that has the id.
 */
export const INSERT: Script = defineScript(
  'grows',
  String.raw`
local created, digests, ends, requests = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local stem, digest, id, text = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local created_at, ends_at, now, active_limit = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local request_key, fingerprint, request_expires = ARGV[9], ARGV[10], ARGV[11]
${RECORD}
if request_key then
  local kept = redis.call('HGET', requests, request_key)
  if kept then
    local kept_until, fingerprint_length, digest_length, rest = string.match(kept, '^(%S+) (%d+) (%d+) (.*)$')
    if tonumber(kept_until) > tonumber(now) then
      local digest_end = fingerprint_length + digest_length
      if string.sub(rest, 1, fingerprint_length) ~= fingerprint then return { 'idempotency_conflict' } end
      return { 'replayed', string.sub(rest, fingerprint_length + 1, digest_end), string.sub(rest, digest_end + 1) }
    end
  end
end

local hash = hash_of(id)
local holder = redis.call('HGET', digests, hash)
if holder then return { 'id_taken', holder } end
if active_limit ~= '' then
  local active = redis.call('ZCOUNT', ends, '(' .. now, '+inf')
  if active >= tonumber(active_limit) then return { 'limit_reached', active } end
end
if not on_record('SET', stem .. digest, text, 'NX') then return redis.error_reply('ERR the digest is in use') end
redis.call('ZADD', created, created_at, id)
redis.call('HSET', digests, hash, digest)
redis.call('ZADD', ends, ends_at, hash)
if request_key then
  local head = string.format('%s %d %d ', request_expires, #fingerprint, #digest)
  redis.call('HSET', requests, request_key, head .. fingerprint .. digest .. text)
end
return { 'inserted' }
`,
)
