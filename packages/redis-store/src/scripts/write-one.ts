import { defineScript } from '../client/script.ts'
import type { Script } from '../client/script.ts'
import { append } from './feed.ts'
import { CHANGING } from './parts/changing.ts'
import { IN_TIME } from './parts/in-time.ts'
import { hashOf, readText } from './parts/lookup.ts'
import { versionOf } from './parts/record.ts'

const ARGUMENTS = String.raw`
local digests, revision_key, log, lease_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local stem, is_cluster, id, version, text, ends_at, ends, limits = unpack(ARGV, 1, 8)
local lease = ''
`

/**
 * Writes a decision about one token and nothing else: its record, its end if that moves, and the changes to announce. Replies
 * `written`, or `changed` if the token is not as it was shown. The `lease` of `append` follows `written`.
 */
export const WRITE_ONE: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`${ARGUMENTS}
local hash = ${hashOf('id')}
local digest = redis.call('HGET', digests, hash)
${readText('found')}
if not found or ${versionOf('digest', 'found')} ~= version then return 'changed' end
-- First: if the feed cannot be written, a script that has written something else is not undone.
if #ARGV > 8 then ${append('limits', 'ARGV', 9)} end
redis.call('SET', stem .. digest, text)
if ends_at ~= '' then redis.call('ZADD', ends, ends_at, hash) end
return 'written' .. lease
`,
)

/** The same with a new token, its successor. Replies `late` outside of its span. */
export const WRITE_SUCCESSOR: Script = defineScript(
  'grows',
  String.raw`${ARGUMENTS}${CHANGING}
local new_id, new_digest, new_text, new_created, new_ends, instants = unpack(ARGV, 9, 14)
-- One argument: each costs the client more.
local new_created_at, new_ends_at, from, till = string.match(instants, '^(%S+) (%S+) (%S+) (%S+)$')
${IN_TIME}
if not is_in_time then return 'late' end
if not is_as_shown(id, version) or not is_as_shown(new_id, '') then return 'changed' end
check_free(new_id, new_digest)
-- First, as above.
if #ARGV > 14 then ${append('limits', 'ARGV', 15)} end
redis.call('SET', stem .. current[id], text)
if ends_at ~= '' then redis.call('ZADD', ends, ends_at, hashes[id]) end
add(new_id, new_digest, new_text, new_created, new_created_at, new_ends, new_ends_at)
return 'written' .. lease
`,
)
