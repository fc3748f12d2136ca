/**
 * Lua on top of `UNTOLD`: what is kept under idempotency keys. `kept` is a hash from the hash of a key to a packed list:
 * the instant of its expiry, the fingerprint, what the change feed is to be told of again (`true` for the digest that
 * follows), and the answer: the packed digest and the text of a record, or how many tokens were revoked, or nothing as long
 * as that is going on. Of a text the key keeps what changes most, and shares the rest with other keys. `expiries` has the
 * hashes by expiry, so that the expired are found without a search.
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

-- What is the same of a record under most keys: all but its first lines and its name. It is kept once, and counted.
local LINE = '[^\n]*\n'
local function share(kept, text)
  local pattern = '^(' .. string.rep(LINE, 7) .. ')(' .. string.rep(LINE, 4) .. ')([^\n]*)(.*)$'
  local head, origin, name, rest = string.match(text, pattern)
  local shared = origin .. rest
  local ref = string.sub(redis.sha1hex(shared), 1, 24)
  local count = tonumber(redis.call('HGET', kept, '#' .. ref) or 0) + 1
  redis.call('HSET', kept, '#' .. ref, count)
  if count == 1 then redis.call('HSET', kept, '=' .. ref, shared) end
  return head, name, ref
end

local function joined(kept, head, name, ref)
  local origin, rest = string.match(redis.call('HGET', kept, '=' .. ref), '^(' .. string.rep(LINE, 4) .. ')(.*)$')
  return head .. origin .. name .. rest
end

local function forget(kept, expiries, key)
  local packed = redis.call('HGET', kept, key)
  local ref = packed and cmsgpack.unpack(packed)[7]
  if ref then
    local count = tonumber(redis.call('HGET', kept, '#' .. ref)) - 1
    if count > 0 then redis.call('HSET', kept, '#' .. ref, count)
    else redis.call('HDEL', kept, '#' .. ref, '=' .. ref) end
  end
  redis.call('HDEL', kept, key)
  redis.call('ZREM', expiries, key)
end

-- Each new key takes some that have expired along, so that those never pile up.
local function has_room(request)
  for _, key in ipairs(redis.call('ZRANGE', request.expiries, '-inf', request.now, 'BYSCORE', 'LIMIT', 0, 3)) do
    forget(request.kept, request.expiries, key)
  end
  return redis.call('ZCOUNT', request.expiries, '(' .. request.now, '+inf') < request.most
end

local function keep(request, told, answer, text)
  if not request then return end
  forget(request.kept, request.expiries, request.key)
  local facts = { request.expires, request.fingerprint, told, answer }
  if text then facts[5], facts[6], facts[7] = share(request.kept, text) end
  redis.call('HSET', request.kept, request.key, cmsgpack.pack(facts))
  redis.call('ZADD', request.expiries, request.expires, request.key)
end

local function repeated(kept, request)
  local is_equal = kept[2] == request.fingerprint and kept[5]
  if not is_equal then return { 'idempotency_conflict' } end
  local told = kept[3] == true and hex_of(kept[4]) or kept[3]
  return { 'replayed', told, '', kept[4], joined(request.kept, kept[5], kept[6], kept[7]) }
end

-- How the key decides before all else; nothing where there is none, or it may be used.
local function decided_by(request)
  if not request then return nil end
  local kept = kept_under(request)
  if kept then return repeated(kept, request) end
  if not has_room(request) then return { 'idempotency_limit_reached' } end
end
`
