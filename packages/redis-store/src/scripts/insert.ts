import { IN_TIME } from './parts/in-time.ts'
import { KEPT_REQUESTS, LATEST } from './parts/kept-requests.ts'
import { LOOKUP, hashOf } from './parts/lookup.ts'
import { defineScript } from '../client/script.ts'
import type { Script } from '../client/script.ts'

/**
 * Replies one of these, each but the first as a list:
 *
 * - `inserted`;
 * - `kept`, the request kept under the idempotency key, its expiry, and the latest instant for comparing that;
 * - `idempotency_limit_reached`;
 * - `limit_reached`, and the number of active tokens;
 * - `id_taken`, and the packed digest of the id's token;
 * - `late`, outside of its span.
 */
const insert = (kept: string): Script =>
  defineScript(
    'grows',
    String.raw`
local created, digests, requests, expiries = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local stem, digest, id, text = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
-- One argument: each costs the client more.
local is_cluster, created_at, ends_at, now, active_limit, from, till =
  string.match(ARGV[5], '^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+)$')
local key, answer, expires, most, tolerance = ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10]
-- The last keys are the ends of all prefixes that count, the token's own first.
local first_counted = key and 5 or 3
local ends = KEYS[first_counted]
-- A limit is rarely reached and rarely large.
local MOST_LOOKED_AT = 200
${IN_TIME}
${kept}
if not is_in_time then return { 'late' } end

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

local hash = ${hashOf('id')}
local holder = redis.call('HGET', digests, hash)
if holder then return { 'id_taken', holder } end
local limit, active = tonumber(active_limit), 0
for index = first_counted, limit and #KEYS or 0 do
  active = active + redis.call('ZCOUNT', KEYS[index], '(' .. now, '+inf')
end
if limit and active >= limit then
  ${LOOKUP}
  -- A record that was removed alone, as by hand, takes up no place.
  for index = first_counted, #KEYS do
    local hashes = redis.call('ZRANGE', KEYS[index], '(' .. now, '+inf', 'BYSCORE', 'LIMIT', 0, MOST_LOOKED_AT)
    for _, each in ipairs(hashes) do
      local name = stem .. (redis.call('HGET', digests, each) or '')
      if name ~= stem and on_record('EXISTS', name) == 0 then
        check_missing(is_cluster, name)
        active = active - redis.call('ZREM', KEYS[index], each)
      end
    end
  end
  if active >= limit then return { 'limit_reached', active } end
end
local set = redis.pcall('SET', stem .. digest, text, 'NX')
if not set then return redis.error_reply('ERR the digest is in use') end
if set.err then
  ${LOOKUP}
  on_record('SET', stem .. digest, text, 'NX')
end
redis.call('ZADD', created, created_at, id)
redis.call('HSET', digests, hash, digest)
redis.call('ZADD', ends, ends_at, hash)
if key then keep(requests, expiries, key, answer, expires, counted) end
return 'inserted'
`,
  )

/** Without a key: the code for keys costs time even if it is not run. */
export const INSERT: Script = insert('')

export const INSERT_KEYED: Script = insert(LATEST + KEPT_REQUESTS)
