import { defineScript } from '../client/script.ts'
import type { Script } from '../client/script.ts'
import { FEED } from './feed.ts'
import { CHANGING } from './parts/changing.ts'
import { IN_TIME } from './parts/in-time.ts'
import { LOOKUP } from './parts/lookup.ts'
import { VERSION } from './parts/record.ts'

const ARGUMENTS = String.raw`
local digests, revision_key, log, lease_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local stem, is_cluster, id, version, text, ends_at, ends, limits = unpack(ARGV, 1, 8)
local lease = ''
`

/**
 * Writes a decision about one token and nothing else: its record, its end if that moves, and the changes to announce. Replies
 * `written`, or `changed` if the token is not as it was shown. What `append` answers follows `written`.
 */
export const WRITE_ONE: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`${ARGUMENTS}${LOOKUP}${VERSION}${FEED}
local hash = hash_of(id)
local digest = redis.call('HGET', digests, hash)
local found = digest and on_record('GET', stem .. digest)
if digest and not found then check_missing(is_cluster, stem .. digest) end
if not found or version_of(digest, found) ~= version then return 'changed' end
-- First: if the feed cannot be written, a script that has written something else is not undone.
if #ARGV > 8 then lease = append(revision_key, log, lease_key, limits, ARGV, 9) end
redis.call('SET', stem .. digest, text)
if ends_at ~= '' then redis.call('ZADD', ends, ends_at, hash) end
return 'written' .. lease
`,
)

/** The same with a new token, its successor. Replies `late` outside of its span. */
export const WRITE_SUCCESSOR: Script = defineScript(
  'grows',
  String.raw`${ARGUMENTS}${CHANGING}${FEED}${IN_TIME}
local new_id, new_digest, new_text, new_created, new_ends, instants = unpack(ARGV, 9, 14)
-- One argument: each costs the client more.
local new_created_at, new_ends_at, from, till = string.match(instants, '^(%S+) (%S+) (%S+) (%S+)$')
if not is_in_time(from, till) then return 'late' end
if not is_as_shown(id, version) or not is_as_shown(new_id, '') then return 'changed' end
check_free(new_id, new_digest)
-- First, as above.
if #ARGV > 14 then lease = append(revision_key, log, lease_key, limits, ARGV, 15) end
redis.call('SET', stem .. current[id], text)
if ends_at ~= '' then redis.call('ZADD', ends, ends_at, hashes[id]) end
add(new_id, new_digest, new_text, new_created, new_created_at, new_ends, new_ends_at)
return 'written' .. lease
`,
)
