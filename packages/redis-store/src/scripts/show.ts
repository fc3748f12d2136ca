import { KEPT_REQUESTS, LATEST } from './parts/kept-requests.ts'
import { RECORD } from './parts/record.ts'
import { defineScript } from '../client/script.ts'
import type { Script } from '../client/script.ts'

/**
 * Replies `shown`, then everything a step wants: the number of active tokens, the request kept under the key, its
 * expiry, and the number of keys, each nothing if not asked for; the latest instant of a caller's clock; and the packed
 * digest, the text and the version of each token and of its neighbours by rotation.
 *
 * A replica would answer with the past. So the script counts as one that writes.
 */
const show = (kept: string, firstCounted: number): Script =>
  defineScript(
    'shrinks-or-keeps',
    String.raw`
local digests = KEYS[1]
local stem, is_cluster, active_at, key, keys_at, tolerance = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
${RECORD}
${LATEST}
${kept}
local active = active_at ~= '' and 0
-- The last keys are the ends of all prefixes that count.
for index = ${firstCounted}, active and #KEYS or 0 do
  active = active + redis.call('ZCOUNT', KEYS[index], '(' .. active_at, '+inf')
end
local latest = latest_by(tolerance)
local reply = {
  'shown',
  active,
  key ~= '' and kept_under(requests, key),
  key ~= '' and redis.call('ZSCORE', expiries, key),
  keys_at ~= '' and count_keys(expiries, math.min(tonumber(keys_at), latest)),
  string.format('%.0f', latest),
}
local shown = {}

local LIFE = '^%w*\n%w*\n%w*\n%w*\n[%x ]*\n([^\n]*)\n[^\n]*\n([^\n]*)\n'

-- Returns the life of the token if it is shown now.
local function show(id)
  if id == '' or shown[id] then return nil end
  shown[id] = true
  local digest = redis.call('HGET', digests, hash_of(id))
  local text = digest and on_record('GET', stem .. digest)
  if digest and not text then check_missing(is_cluster, stem .. digest) end
  if not text then return nil end
  local life, own_id = string.match(text, LIFE)
  if not life then corrupt() end
  -- Another id may have the same hash.
  if own_id ~= id then return nil end
  local size = #reply
  reply[size + 1], reply[size + 2], reply[size + 3] = digest, text, version_of(digest, text)
  return life
end

for index = 7, #ARGV do
  local life = show(ARGV[index])
  if life and life ~= '' then
    local rotated_to, rotated_from = links_in(life)
    show(rotated_to)
    show(rotated_from)
  end
end
return reply
`,
  )

/** For a step without a key: the code for keys costs time even if it is not run. */
export const SHOW: Script = show('', 2)

export const SHOW_KEYED: Script = show(`local requests, expiries = KEYS[2], KEYS[3]\n${KEPT_REQUESTS}`, 4)
