import { defineReading, defineScript } from '../client/script.ts'
import type { Reading, Script } from '../client/script.ts'

/** Replies the newest revision. */
export const READ_REVISION: Reading = defineReading("\nreturn redis.call('GET', KEYS[1])\n")

/**
 * Lua: keeps the length of a lease beside the feed, if it is longer than the one there, and returns the longer. With a length,
 * the log is fenced: a fence is the last id that the log claims to have. A writer that knows no leases cannot add an entry
 * behind it, and its script writes nothing. One that does sets it back first.
 */
const LEASE = String.raw`
local FENCE = '999999999999999-1'
local function kept_lease(lease_key) return tonumber(redis.call('GET', lease_key) or 0) end
local function fence(log, lease_key, own)
  local lease = kept_lease(lease_key)
  if own > lease then
    lease = own
    redis.call('SET', lease_key, string.format('%.0f', own))
  end
  if lease > 0 then redis.call('XSETID', log, FENCE) end
  return lease
end
`

/**
 * The newest revision. The first one is made here: a server that lost everything must not look like a new one. The length of a
 * lease comes beside it, see `LEASE`.
 */
export const OPEN_FEED: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local revision_key, log, lease_key = KEYS[1], KEYS[2], KEYS[3]
local nonce, own = ARGV[1], tonumber(ARGV[2])
${LEASE}
local revision = redis.call('GET', revision_key)
if not revision then
  redis.call('DEL', log)
  revision = '0-' .. nonce
  redis.call('SET', revision_key, revision)
end
if redis.call('EXISTS', log) == 0 then redis.call('XADD', log, revision, '', '') end
fence(log, lease_key, own)
return revision
`,
)

/**
 * Lua: adds changes to the log, with the revisions as ids, and keeps the latest. The changes are the last items of a list, from
 * `first` on. Each is a nonce, a field and a text: `d` and a digest, or `o` and an owner. Returns a blank and the length of a
 * lease; an empty text if none is kept.
 */
export const FEED: string = String.raw`${LEASE}
local function append(revision_key, log, lease_key, limits, list, first)
  local kept, own = string.match(limits, '^(%d+) (%d+)$')
  own = tonumber(own)
  local revision = redis.call('GET', revision_key)
  local count = revision and tonumber(string.match(revision, '^%d+')) or 0
  if not revision then
    redis.call('DEL', log)
  elseif (own > 0 or kept_lease(lease_key) > 0) and redis.call('EXISTS', log) == 1 then
    redis.call('XSETID', log, revision)
  end
  for at = first, #list, 3 do
    count = count + 1
    revision = string.format('%.0f-%s', count, list[at])
    redis.call('XADD', log, 'MAXLEN', kept, revision, list[at + 1], list[at + 2])
  end
  redis.call('SET', revision_key, revision)
  local lease = fence(log, lease_key, own)
  return lease > 0 and string.format(' %.0f', lease) or ''
end
`

/** Adds changes to the log, and replies what `append` answers, see `FEED`. */
export const APPEND_CHANGES: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local revision_key, log, lease_key = KEYS[1], KEYS[2], KEYS[3]
${FEED}
return append(revision_key, log, lease_key, ARGV[1], ARGV, 2)
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
