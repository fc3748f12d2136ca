import { IN_TIME } from './in-time.ts'
import { KEPT_REQUESTS } from './kept-requests.ts'
import { RECORD } from './record.ts'
import { defineScript } from './script.ts'
import type { Script } from './script.ts'
import { UNTOLD } from './untold.ts'

/**
 * Replies `inserted`, what was kept under its idempotency key, `limit_reached` with the number of active tokens,
 * `id_taken` with the packed digest of the token that has the id, or `late` outside of the span that it may run in.
 *
 * A token whose record was removed without its indexes does not count any more once the limit is reached.
 */
export const INSERT: Script = defineScript(
  'grows',
  String.raw`
local created, digests, ends = KEYS[1], KEYS[2], KEYS[3]
local stem, digest, id, text = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local created_at, ends_at, now, active_limit = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local from, till, is_cluster = ARGV[9], ARGV[10], ARGV[11]
-- A limit is rarely reached and rarely large.
local MOST_LOOKED_AT = 200
${RECORD}
${IN_TIME}
${UNTOLD}
${KEPT_REQUESTS}
if not is_in_time(from, till) then return { 'late' } end
local request = request_from(4, 12, tonumber(now))
local decided = decided_by(request)
if decided then return decided end

local hash = hash_of(id)
local holder = redis.call('HGET', digests, hash)
if holder then return { 'id_taken', holder } end
local function count_active()
  return redis.call('ZCOUNT', ends, '(' .. now, '+inf')
end
local function is_limit_reached()
  return active_limit ~= '' and count_active() >= tonumber(active_limit)
end
local function is_left_over(end_hash)
  local key = stem .. (redis.call('HGET', digests, end_hash) or '')
  if key == stem or on_record('EXISTS', key) == 1 then return false end
  check_missing(is_cluster, key)
  return true
end
if is_limit_reached() then
  local hashes = redis.call('ZRANGE', ends, '(' .. now, '+inf', 'BYSCORE', 'LIMIT', 0, MOST_LOOKED_AT)
  for _, each in ipairs(hashes) do if is_left_over(each) then redis.call('ZREM', ends, each) end end
  if is_limit_reached() then return { 'limit_reached', count_active() } end
end
if not on_record('SET', stem .. digest, text, 'NX') then return redis.error_reply('ERR the digest is in use') end
redis.call('ZADD', created, created_at, id)
redis.call('HSET', digests, hash, digest)
redis.call('ZADD', ends, ends_at, hash)
keep(request, '', digest, text)
return { 'inserted' }
`,
)
