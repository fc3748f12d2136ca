/** Lua: a pattern for so many lines, each with its end. */
const lines = (count: number): string => String.raw`[^\n]*\n`.repeat(count)

/**
 * Lua: the requests kept under idempotency keys. `requests` is a hash from the hash of a key to a packed list. That
 * holds a text, see `writeKept`; or its changing part and the name of the rest, which is kept once for many keys, and
 * counted. `expiries` has the hashes by expiry, so the expired ones are found without a search.
 *
 * A clock too far ahead of the server's counts as the latest allowed: it must not free the keys of others.
 */
export const KEPT_REQUESTS: string = String.raw`
local OF_RECORD = '^(${lines(9)})(${lines(4)})([^\n]*)(\n.*)$'
local SHARED = '^(${lines(4)})(.*)$'

local function count_keys(expiries, now)
  return redis.call('ZCOUNT', expiries, '(' .. string.format('%.0f', now), '+inf')
end

local function count_of(requests, ref)
  return tonumber(redis.call('HGET', requests, '#' .. ref) or 0)
end

local function share(requests, text)
  local ref = string.sub(redis.sha1hex(text), 1, 24)
  local count = count_of(requests, ref) + 1
  redis.call('HSET', requests, '#' .. ref, count)
  if count == 1 then redis.call('HSET', requests, '=' .. ref, text) end
  return ref
end

local function kept_under(requests, key)
  local packed = redis.call('HGET', requests, key)
  if not packed then return false end
  local head, name, ref = unpack(cmsgpack.unpack(packed))
  if not ref then return head end
  local origin, rest = string.match(redis.call('HGET', requests, '=' .. ref), SHARED)
  return head .. origin .. name .. rest
end

local function forget(requests, expiries, key)
  local packed = redis.call('HGET', requests, key)
  local ref = packed and cmsgpack.unpack(packed)[3]
  local others = ref and count_of(requests, ref) - 1
  if ref and others > 0 then redis.call('HSET', requests, '#' .. ref, others)
  elseif ref then redis.call('HDEL', requests, '#' .. ref, '=' .. ref) end
  redis.call('HDEL', requests, key)
  redis.call('ZREM', expiries, key)
end

-- Each new key takes some that have expired along, so that those never pile up.
local function forget_expired(requests, expiries, now)
  local expired = redis.call('ZRANGE', expiries, '-inf', string.format('%.0f', now), 'BYSCORE', 'LIMIT', 0, 3)
  for _, key in ipairs(expired) do forget(requests, expiries, key) end
end

local function keep(requests, expiries, key, text, expires, now)
  forget_expired(requests, expiries, now)
  forget(requests, expiries, key)
  local head, origin, name, rest = string.match(text, OF_RECORD)
  local facts = head and { head, name, share(requests, origin .. rest) } or { text }
  redis.call('HSET', requests, key, cmsgpack.pack(facts))
  redis.call('ZADD', expiries, string.format('%.0f', expires), key)
end
`

/** Lua: the latest instant of a caller's clock, by the server's own. */
export const LATEST: string = String.raw`
local function latest_by(tolerance)
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000) + tolerance
end
`
