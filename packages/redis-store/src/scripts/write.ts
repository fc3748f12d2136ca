import { append } from './feed.ts'
import { ACTIVE } from './parts/active.ts'
import { CHANGING } from './parts/changing.ts'
import { IN_TIME } from './parts/in-time.ts'
import { KEPT_REQUESTS } from './parts/kept-requests.ts'
import { defineScript } from '../client/script.ts'
import type { Script } from '../client/script.ts'

/**
 * Lua: writes a decision if everything shown for it is unchanged. Replies `written`, or `changed` if it is not; `late`
 * outside of its span, if it has one. The `lease` of `append` follows `written`.
 *
 * The first argument has most facts as JSON: an argument for each costs the client more. Records, digests and what is kept
 * under a key follow as they are, in the order of their use.
 */
const lua = (parts: string, check = ''): string => String.raw`
local decision = cjson.decode(ARGV[1])
local stem, is_cluster, kept_until = decision.stem, decision.isCluster, decision.keptUntil
local digests = KEYS[1]
local key_position, position = 1, 1
local function take_key()
  key_position = key_position + 1
  return KEYS[key_position]
end
local function take()
  position = position + 1
  return ARGV[position]
end
${CHANGING}${ACTIVE}${parts}${check}

local revision_key = is_cluster ~= '1' and take_key()
local log = is_cluster ~= '1' and take_key()
local lease_key = is_cluster ~= '1' and take_key()
local requests = kept_until and take_key()
local expiries = kept_until and take_key()
local key = kept_until and take()

-- Of the indexes a cluster only has to know the names.
key_position = key_position + decision.indexes
local counts, keeping = decision.counts, decision.keep
for at = 1, #counts, 2 do
  if count_active(key_position + 1, counts[at]) ~= counts[at + 1] then return 'changed' end
end
if key then
  if (kept_under(requests, key) or '') ~= take() then return 'changed' end
  if (redis.call('ZSCORE', expiries, key) or '') ~= kept_until then return 'changed' end
end
if keeping then
  keeping.text = take()
  local is_new = kept_until == '' or tonumber(kept_until) <= keeping.now
  local most = is_new and keeping.limit
  if most and count_keys(expiries, keeping.now) >= most then return 'changed' end
end
local shown = decision.shown
for at = 1, #shown, 2 do
  if not is_as_shown(shown[at], shown[at + 1]) then return 'changed' end
end
for _, each in ipairs(decision.put) do
  each.digest, each.text = each.isMoved and take(), take()
  if each.digest and is_there(each.digest) then error({ err = 'ERR the digest is in use' }) end
end
for _, each in ipairs(decision.add) do
  each.digest, each.text = take(), take()
  check_free(each.id, each.digest)
end

-- First: if the feed cannot be written, a script that has written something else is not undone.
local changes = decision.changes
local lease = ''
if #changes > 0 then ${append('decision.feedLimits', 'changes', 1)} end
for _, each in ipairs(decision.put) do
  local former = current[each.id]
  redis.call('SET', stem .. (each.digest or former), each.text)
  if each.digest then
    redis.call('DEL', stem .. former)
    redis.call('HSET', digests, hashes[each.id], each.digest)
  end
  if each.ends ~= '' then redis.call('ZADD', each.ends, each.endsAt, hashes[each.id]) end
end
for _, each in ipairs(decision.add) do
  add(each.id, each.digest, each.text, each.created, each.createdAt, each.ends, each.endsAt)
end
if keeping then keep(requests, expiries, key, keeping.text, keeping.expiresAt, keeping.now) end
return 'written' .. lease
`

const CHECK = String.raw`
local from, till = unpack(decision.span)
${IN_TIME}
if not is_in_time then return 'late' end
`

/** Writes a decision that adds no token: the server must not refuse it, even if its memory is full. */
export const WRITE: Script = defineScript('shrinks-or-keeps', lua(''))

/** Writes a decision with new tokens. */
export const WRITE_MORE: Script = defineScript('grows', lua('', CHECK))

/** The same with an idempotency key. */
export const WRITE_KEYED: Script = defineScript('shrinks-or-keeps', lua(KEPT_REQUESTS))

export const WRITE_MORE_KEYED: Script = defineScript('grows', lua(KEPT_REQUESTS, CHECK))
