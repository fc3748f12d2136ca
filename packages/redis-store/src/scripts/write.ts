import { FEED } from './feed.ts'
import { IN_TIME } from './parts/in-time.ts'
import { KEPT_REQUESTS } from './parts/kept-requests.ts'
import { LOOKUP } from './parts/lookup.ts'
import { LIFE_AND_ID, VERSION } from './parts/record.ts'
import { defineScript } from '../client/script.ts'
import type { Script } from '../client/script.ts'

/**
 * Lua: writes a decision if everything shown for it is unchanged. Replies `written`, or `changed` if it is not; `late`
 * outside of its span, if it has one.
 *
 * The arguments are ten values, then lists, each behind its length, see `writeDecision`. An empty digest or end of a record
 * stays as it is.
 */
const lua = (parts: string): string => String.raw`
local stem, is_cluster, from, till, active_at, active, key, kept, kept_until, changes_kept = unpack(ARGV, 1, 10)
local digests, key_position = KEYS[1], 1
local function take_key()
  key_position = key_position + 1
  return KEYS[key_position]
end
-- The places of the first and the last value of a list, whose items have so many values each.
local position = 10
local function take_list(size)
  local first = position + 2
  position = position + 1 + size * tonumber(ARGV[position + 1])
  return first, position
end
${LOOKUP}${VERSION}${FEED}${parts}
if till ~= '' and not is_in_time(from, till) then return 'late' end

-- By id: the hash of the id, and the digest now.
local hashes, current = {}, {}
local function is_as_shown(id, version)
  local hash = hash_of(id)
  local digest = redis.call('HGET', digests, hash)
  local found = digest and on_record('GET', stem .. digest)
  if digest and not found then check_missing(is_cluster, stem .. digest) end
  hashes[id], current[id] = hash, digest
  if not found then return version == '' end
  -- Another id may have the same hash.
  if version == '' then return select(2, string.match(found, ${LIFE_AND_ID})) ~= id end
  return version_of(digest, found) == version
end

local function is_there(digest)
  return on_record('EXISTS', stem .. digest) == 1
end

local first_shown, last_shown = take_list(2)
local first_put, last_put = take_list(5)
local first_add, last_add = take_list(7)
local first_keep, last_keep = take_list(4)
local first_change, last_change = take_list(3)
local revision_key = is_cluster ~= '1' and take_key()
local log = is_cluster ~= '1' and take_key()
local requests = key ~= '' and take_key()
local expiries = key ~= '' and take_key()

if active_at ~= '' then
  -- The last keys are the ends of all prefixes that count.
  local count = 0
  for index = key_position + 1, #KEYS do
    count = count + redis.call('ZCOUNT', KEYS[index], '(' .. active_at, '+inf')
  end
  if count ~= tonumber(active) then return 'changed' end
end
if key ~= '' then
  if (kept_under(requests, key) or '') ~= kept then return 'changed' end
  if (redis.call('ZSCORE', expiries, key) or '') ~= kept_until then return 'changed' end
end
for at = first_keep, last_keep, 4 do
  local now, most = tonumber(ARGV[at + 2]), ARGV[at + 3]
  local is_new = kept_until == '' or tonumber(kept_until) <= now
  if is_new and most ~= '' and count_keys(expiries, now) >= tonumber(most) then return 'changed' end
end
for at = first_shown, last_shown, 2 do
  if not is_as_shown(ARGV[at], ARGV[at + 1]) then return 'changed' end
end
for at = first_put, last_put, 5 do
  if ARGV[at + 1] ~= '' and is_there(ARGV[at + 1]) then error({ err = 'ERR the digest is in use' }) end
end
for at = first_add, last_add, 7 do
  local holder = current[ARGV[at]]
  if holder and is_there(holder) then error({ err = 'ERR the id is in use' }) end
  if is_there(ARGV[at + 1]) then error({ err = 'ERR the digest is in use' }) end
end

-- First: if the feed cannot be written, a script that has written something else is not undone.
if first_change < last_change then append(revision_key, log, changes_kept, first_change) end
for at = first_put, last_put, 5 do
  local id, digest, text, ends_at, ends = unpack(ARGV, at, at + 4)
  if digest == '' then
    redis.call('SET', stem .. current[id], text)
  else
    redis.call('SET', stem .. digest, text)
    redis.call('DEL', stem .. current[id])
    redis.call('HSET', digests, hashes[id], digest)
  end
  if ends_at ~= '' then redis.call('ZADD', ends, ends_at, hashes[id]) end
end
for at = first_add, last_add, 7 do
  local id, digest, text, ends_at, ends, created_at, created = unpack(ARGV, at, at + 6)
  local hash = hashes[id] or hash_of(id)
  redis.call('SET', stem .. digest, text)
  redis.call('ZADD', created, created_at, id)
  redis.call('HSET', digests, hash, digest)
  redis.call('ZADD', ends, ends_at, hash)
end
for at = first_keep, last_keep, 4 do
  keep(requests, expiries, key, ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]))
end
return 'written'
`

/** Writes a decision that adds no token: the server must not refuse it, even if its memory is full. */
export const WRITE: Script = defineScript('shrinks-or-keeps', lua(''))

/** Writes a decision with new tokens. */
export const WRITE_MORE: Script = defineScript('grows', lua(IN_TIME))

/** The same with an idempotency key. */
export const WRITE_KEYED: Script = defineScript('shrinks-or-keeps', lua(KEPT_REQUESTS))

export const WRITE_MORE_KEYED: Script = defineScript('grows', lua(IN_TIME + KEPT_REQUESTS))
