/**
 * Lua: what is kept under idempotency keys in `requests`, packed. A list of the instant of its expiry, the fingerprint,
 * what the change feed is to be told of again, and the answer: the packed digest and the text of a record, or how many
 * tokens were revoked, or nothing as long as that is going on. The arguments of a request are a script's last ones; none
 * where it has no key.
 */
export const KEPT_REQUESTS: string = String.raw`
local function request_from(index)
  return { key = ARGV[index], fingerprint = ARGV[index + 1], expires = tonumber(ARGV[index + 2]) }
end

local function kept_under(requests, request, now)
  local packed = request.key and redis.call('HGET', requests, request.key)
  local kept = packed and cmsgpack.unpack(packed)
  return kept and kept[1] > now and kept or nil
end

local function keep(requests, request, told, ...)
  if not request.key then return end
  local packed = cmsgpack.pack({ request.expires, request.fingerprint, told, ... })
  redis.call('HSET', requests, request.key, packed)
end

local function repeated(kept, request)
  local is_equal = kept[2] == request.fingerprint and kept[5]
  if not is_equal then return { 'idempotency_conflict' } end
  return { 'replayed', kept[3], '', kept[4], kept[5] }
end
`
