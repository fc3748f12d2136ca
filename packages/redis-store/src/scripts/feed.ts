import { defineReading, defineScript } from '../client/script.ts'
import type { Reading, Script } from '../client/script.ts'

/** Replies the newest revision. */
export const READ_REVISION: Reading = defineReading("\nreturn redis.call('GET', KEYS[1])\n")

/**
 * Lua: keeps the `own` length of a lease beside the feed, if it is longer than the `length` there. With a length,
 * the log is fenced: a fence is the last id that the log claims to have. A writer that knows no leases cannot add an entry
 * behind it, and its script writes nothing. One that does sets it back first.
 */
const FENCE = String.raw`
if own > length then
  length = own
  redis.call('SET', lease_key, string.format('%.0f', own))
end
if length > 0 then redis.call('XSETID', log, '999999999999999-1') end
`

/** Lua: the length of a lease beside the feed; 0 for none. */
const LENGTH = "tonumber(redis.call('GET', lease_key) or 0)"

/**
 * The newest revision. The first one is made here: a server that lost everything must not look like a new one. The length of a
 * lease comes beside it, see `FENCE`.
 */
export const OPEN_FEED: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local revision_key, log, lease_key = KEYS[1], KEYS[2], KEYS[3]
local nonce, own, length = ARGV[1], tonumber(ARGV[2]), ${LENGTH}
local revision = redis.call('GET', revision_key)
if not revision then
  redis.call('DEL', log)
  revision = '0-' .. nonce
  redis.call('SET', revision_key, revision)
end
if redis.call('EXISTS', log) == 0 then redis.call('XADD', log, revision, '', '') end
${FENCE}
return revision
`,
)

/**
 * Lua: adds changes to the log, with the revisions as ids, and keeps the latest. Each change is a nonce, a field and a text: `d`
 * and a digest, or `o` and an owner. Then `lease` is a blank and the length of a lease, if one is kept.
 *
 * @param limits Names the number of entries to keep, and a length to keep beside the feed, as one text.
 * @param list Names a list with the changes as its last items, from `first` on.
 */
export const append = (limits: string, list: string, first: number): string => String.raw`
local kept, own = string.match(${limits}, '^(%d+) (%d+)$')
own = tonumber(own)
local revision, length = redis.call('GET', revision_key), ${LENGTH}
local count = revision and tonumber(string.match(revision, '^%d+')) or 0
if not revision then
  redis.call('DEL', log)
elseif (own > 0 or length > 0) and redis.call('EXISTS', log) == 1 then
  redis.call('XSETID', log, revision)
end
for at = ${first}, #${list}, 3 do
  count = count + 1
  revision = string.format('%.0f-%s', count, ${list}[at])
  redis.call('XADD', log, 'MAXLEN', kept, revision, ${list}[at + 1], ${list}[at + 2])
end
redis.call('SET', revision_key, revision)
${FENCE}
if length > 0 then lease = string.format(' %.0f', length) end
`

/** Adds changes to the log, and replies `lease`, see `append`. */
export const APPEND_CHANGES: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local revision_key, log, lease_key = KEYS[1], KEYS[2], KEYS[3]
local lease = ''
${append('ARGV[1]', 'ARGV', 2)}
return lease
`,
)

/** Lua: the reply of `READ_CHANGES`, given the keys of the feed and a revision. */
const CHANGES = String.raw`
if since == revision then return { revision, 'since' } end
if since == '' or #redis.call('XRANGE', log, since, since) == 0 then return { revision, 'reset' } end
local reply = { revision, 'since' }
for _, entry in ipairs(redis.call('XRANGE', log, '(' .. since, '+')) do
  table.insert(reply, entry[2][1])
  table.insert(reply, entry[2][2])
end
return reply
`

/**
 * Replies the newest revision, then `since` and the changes after another revision, each as its field and its text; or
 * `reset` for a revision missing from the log.
 */
export const READ_CHANGES: Reading = defineReading(String.raw`
local revision_key, log = KEYS[1], KEYS[2]
local since = ARGV[1]
local revision = redis.call('GET', revision_key)
if not revision then return false end
${CHANGES}`)

/** The same with the length of a lease before it; nothing if it is shorter than that of whoever reads, or the log is not there. */
export const READ_LEASED_CHANGES: Reading = defineReading(String.raw`
local revision_key, log, lease_key = KEYS[1], KEYS[2], KEYS[3]
local since, own = ARGV[1], tonumber(ARGV[2])
local revision = redis.call('GET', revision_key)
local lease = redis.call('GET', lease_key)
if not revision or not lease or tonumber(lease) < own or redis.call('EXISTS', log) == 0 then return false end
local function changes()
${CHANGES}end
return { lease, changes() }
`)
