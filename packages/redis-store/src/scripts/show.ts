import { KEPT_REQUESTS, LATEST } from './parts/kept-requests.ts'
import { ACTIVE } from './parts/active.ts'
import { hashOf, readText } from './parts/lookup.ts'
import { CORRUPT, LIFE_AND_ID, LINKS, versionOf } from './parts/record.ts'
import { defineScript } from '../client/script.ts'
import type { Script } from '../client/script.ts'

/**
 * Lua: adds the packed digest, the text and the version of each token and of its neighbours by rotation to the reply.
 *
 * @param from The place of the first id among the arguments.
 */
const tokensFrom = (from: number): string => String.raw`
local shown = {}

-- Returns the life of the token if it is shown now.
local function show(id)
  if id == '' or shown[id] then return nil end
  shown[id] = true
  local digest = redis.call('HGET', digests, ${hashOf('id')})
  ${readText('text')}
  if not text then return nil end
  local life, own_id = string.match(text, ${LIFE_AND_ID})
  if not life then ${CORRUPT} end
  -- Another id may have the same hash.
  if own_id ~= id then return nil end
  local size = #reply
  reply[size + 1], reply[size + 2], reply[size + 3] = digest, text, ${versionOf('digest', 'text')}
  return life
end

-- The wanted ones first: one may be a neighbour of another, and has neighbours of its own.
local lives = {}
for index = ${from}, #ARGV do lives[#lives + 1] = show(ARGV[index]) end
for _, life in ipairs(lives) do
  if life ~= '' then
    ${LINKS}
    show(rotated_to)
    show(rotated_from)
  end
end
return reply
`

/**
 * Replies `shown`, then each token that a step wants, see `tokensFrom`.
 *
 * A replica would answer with the past. So the script counts as one that writes.
 */
export const SHOW: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local digests = KEYS[1]
local stem, is_cluster = ARGV[1], ARGV[2]
local reply = { 'shown' }
${tokensFrom(3)}`,
)

/**
 * The same for steps that want more. Before the tokens it replies the numbers of tokens active at some instants, the request
 * kept under the key, its expiry, and the number of keys, each nothing if not asked for; and the latest instant of a
 * caller's clock.
 */
export const SHOW_MORE: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local digests, requests, expiries = KEYS[1], KEYS[2], KEYS[3]
local stem, is_cluster, instants, key, keys_at, tolerance = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
${LATEST}
${KEPT_REQUESTS}
local latest = latest_by(tolerance)
local first_ends = (key ~= '' or keys_at ~= '') and 4 or 2
${ACTIVE}
local active = {}
for instant in string.gmatch(instants, '%S+') do active[#active + 1] = count_active(first_ends, instant) end
local reply = {
  'shown',
  active,
  key ~= '' and kept_under(requests, key),
  key ~= '' and redis.call('ZSCORE', expiries, key),
  keys_at ~= '' and count_keys(expiries, math.min(tonumber(keys_at), latest)),
  string.format('%.0f', latest),
}
${tokensFrom(7)}`,
)
