import { IN_TIME } from './parts/in-time.ts'
import { KEPT_REQUESTS } from './parts/kept-requests.ts'
import { RECORD } from './parts/record.ts'
import { defineScript } from '../client/script.ts'
import type { Script } from '../client/script.ts'

/**
 * Replies one of these:
 *
 * - `inserted`;
 * - `kept`, the request kept under the idempotency key, its expiry, and the latest instant for comparing that;
 * - `idempotency_limit_reached`;
 * - `limit_reached`, and the number of active tokens;
 * - `id_taken`, and the packed digest of the id's token;
 * - `late`, outside of its span.
 */
export const INSERT: Script = defineScript(
  'grows',
  String.raw`
local created, digests, ends, requests, expiries = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local stem, digest, id, text = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local created_at, ends_at, now, active_limit = ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local from, till, is_cluster = ARGV[9], ARGV[10], ARGV[11]
local key, answer, expires, most, tolerance = ARGV[12], ARGV[13], ARGV[14], ARGV[15], ARGV[16]
-- A limit is rarely reached and rarely large.
local MOST_LOOKED_AT = 200
${RECORD}
${IN_TIME}
${KEPT_REQUESTS}
if not is_in_time(from, till) then return { 'late' } end

local counted = tonumber(now)
if key then
  local latest = latest_by(tolerance)
  counted = math.min(counted, latest)
  local former = kept_under(requests, key)
  local former_expires = former and redis.call('ZSCORE', expiries, key)
  if former and former_expires and tonumber(former_expires) > counted then
    return { 'kept', former, former_expires, string.format('%.0f', latest) }
  end
  if most ~= '' and count_keys(expiries, counted) >= tonumber(most) then return { 'idempotency_limit_reached' } end
  expires = expires - (now - counted)
end

local hash = hash_of(id)
local holder = redis.call('HGET', digests, hash)
if holder then return { 'id_taken', holder } end
local function count_active()
  return redis.call('ZCOUNT', ends, '(' .. now, '+inf')
end
local function is_limit_reached()
  return active_limit ~= '' and count_active() >= tonumber(active_limit)
end
-- A record that was removed alone, as by hand, takes up no place.
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
if key then keep(requests, expiries, key, answer, expires, counted) end
return { 'inserted' }
`,
)
