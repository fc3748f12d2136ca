import { defineReading, defineScript } from '../client/script.ts'
import type { Reading, Script } from '../client/script.ts'

/** Replies the newest revision. */
export const READ_REVISION: Reading = defineReading("\nreturn redis.call('GET', KEYS[1])\n")

/** The newest revision. The first one is made here: a server that lost everything must not look like a new one. */
export const OPEN_FEED: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local revision_key, log = KEYS[1], KEYS[2]
local nonce = ARGV[1]
local revision = redis.call('GET', revision_key)
if revision then return revision end
redis.call('DEL', log)
redis.call('XADD', log, '0-' .. nonce, '', '')
redis.call('SET', revision_key, '0-' .. nonce)
return '0-' .. nonce
`,
)

/**
 * Lua: adds changes to the log, with the revisions as ids, and keeps the latest. The changes are the last items of a list, from
 * `first` on. Each is a nonce, a field and a text: `d` and a digest, or `o` and an owner.
 */
export const FEED: string = String.raw`
local function append(revision_key, log, kept, list, first)
  local revision = redis.call('GET', revision_key)
  local count = revision and tonumber(string.match(revision, '^%d+')) or 0
  if not revision then redis.call('DEL', log) end
  for at = first, #list, 3 do
    count = count + 1
    revision = string.format('%.0f-%s', count, list[at])
    redis.call('XADD', log, 'MAXLEN', kept, revision, list[at + 1], list[at + 2])
  end
  redis.call('SET', revision_key, revision)
end
`

/** Adds changes to the log, see `FEED`. */
export const APPEND_CHANGES: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local revision_key, log = KEYS[1], KEYS[2]
${FEED}
append(revision_key, log, ARGV[1], ARGV, 2)
`,
)

/**
 * Replies the newest revision, then `since` and the changes after another revision, each as its field and its text; or
 * `reset` for a revision missing from the log.
 */
export const READ_CHANGES: Reading = defineReading(String.raw`
local revision_key, log = KEYS[1], KEYS[2]
local since = ARGV[1]
local revision = redis.call('GET', revision_key)
if not revision then return false end
if since == revision then return { revision, 'since' } end
if since == '' or #redis.call('XRANGE', log, since, since) == 0 then return { revision, 'reset' } end
local reply = { revision, 'since' }
for _, entry in ipairs(redis.call('XRANGE', log, '(' .. since, '+')) do
  table.insert(reply, entry[2][1])
  table.insert(reply, entry[2][2])
end
return reply
`)
