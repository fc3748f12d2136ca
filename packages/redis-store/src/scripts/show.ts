import { KEPT_REQUESTS } from './parts/kept-requests.ts'
import { RECORD } from './parts/record.ts'
import { defineScript } from '../client/script.ts'
import type { Script } from '../client/script.ts'

/**
 * Replies `shown`, then everything a step wants: the number of active tokens, the request kept under the key, its
 * expiry, and the number of keys, each nothing if not asked for; the latest instant of a caller's clock; and the packed
 * digest, its SHA-1 and the text of each token and of its neighbours by rotation.
 *
 * A replica would answer with the past. So the script counts as one that writes.
 */
export const SHOW: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local digests, ends, requests, expiries = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local stem, is_cluster, active_at, key, keys_at, tolerance = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
${RECORD}
${KEPT_REQUESTS}
local latest = latest_by(tolerance)
local reply = {
  'shown',
  active_at ~= '' and redis.call('ZCOUNT', ends, '(' .. active_at, '+inf'),
  key ~= '' and kept_under(requests, key),
  key ~= '' and redis.call('ZSCORE', expiries, key),
  keys_at ~= '' and count_keys(expiries, math.min(tonumber(keys_at), latest)),
  string.format('%.0f', latest),
}
local shown = {}

local function show(id)
  if id == '' or shown[id] then return nil end
  shown[id] = true
  local record = find_record(stem, digests, is_cluster, id)
  if not record then return nil end
  local size = #reply
  reply[size + 1], reply[size + 2], reply[size + 3] = record.digest, redis.sha1hex(record.digest), record.text
  return record
end

for index = 7, #ARGV do
  local record = show(ARGV[index])
  if record then
    show(record.rotated_to)
    show(record.rotated_from)
  end
end
return reply
`,
)
