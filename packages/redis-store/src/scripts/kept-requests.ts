/**
 * Lua on top of `UNTOLD`: what is kept under idempotency keys. `kept` is a hash from the hash of a key to a packed list:
 * the instant of its expiry, the fingerprint, what the change feed is to be told of again (`true` for the digest that
 * follows), and the answer: the packed digest and the text of a record, or how many tokens were revoked, or nothing as long
 * as that is going on. `expiries` has the hashes by expiry, so that the expired are found without a search.
 *
 * The keys and arguments of a request are a script's last ones; none where it has no key. A clock that runs further ahead
 * of the server's than it may counts as one that does not: it must not free the keys of others.
 */
export const KEPT_REQUESTS: string = String.raw`
local function request_from(first_key, first_argument, now)
  local key, fingerprint, expires, most, tolerance = unpack(ARGV, first_argument)
  if not key then return nil end
  local time = redis.call('TIME')
  local latest = time[1] * 1000 + math.floor(time[2] / 1000) + tolerance
  local ahead = math.max(0, now - latest)
  return {
    kept = KEYS[first_key], expiries = KEYS[first_key + 1], key = key, fingerprint = fingerprint,
    now = now - ahead, expires = expires - ahead, most = tonumber(most) or math.huge,
  }
end

local function kept_under(request)
  local packed = redis.call('HGET', request.kept, request.key)
  local kept = packed and cmsgpack.unpack(packed)
  return kept and kept[1] > request.now and kept or nil
end

-- Each new key takes some that have expired along, so that those never pile up.
local function has_room(request)
  for _, key in ipairs(redis.call('ZRANGE', request.expiries, '-inf', request.now, 'BYSCORE', 'LIMIT', 0, 3)) do
    redis.call('HDEL', request.kept, key)
    redis.call('ZREM', request.expiries, key)
  end
  return redis.call('ZCOUNT', request.expiries, '(' .. request.now, '+inf') < request.most
end

local function keep(request, told, ...)
  if not request then return end
  redis.call('HSET', request.kept, request.key, cmsgpack.pack({ request.expires, request.fingerprint, told, ... }))
  redis.call('ZADD', request.expiries, request.expires, request.key)
end

local function repeated(kept, request)
  local is_equal = kept[2] == request.fingerprint and kept[5]
  if not is_equal then return { 'idempotency_conflict' } end
  return { 'replayed', kept[3] == true and hex_of(kept[4]) or kept[3], '', kept[4], kept[5] }
end

-- How the key decides before all else; nothing where there is none, or it may be used.
local function decided_by(request)
  if not request then return nil end
  local kept = kept_under(request)
  if kept then return repeated(kept, request) end
  if not has_room(request) then return { 'idempotency_limit_reached' } end
end
`
