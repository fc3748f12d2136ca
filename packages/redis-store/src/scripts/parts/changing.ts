import { LOOKUP, hashOf } from './lookup.ts'
import { LIFE_AND_ID, versionOf } from './record.ts'

/** Lua: compares tokens with those shown for a decision, and adds new ones, given the `digests` and the `stem` of an owner. */
export const CHANGING: string = String.raw`${LOOKUP}
-- By id: the hash of the id, and the digest now.
local hashes, current = {}, {}
local function is_as_shown(id, version)
  local hash = ${hashOf('id')}
  local digest = redis.call('HGET', digests, hash)
  local found = digest and on_record('GET', stem .. digest)
  if digest and not found then check_missing(is_cluster, stem .. digest) end
  hashes[id], current[id] = hash, digest
  if not found then return version == '' end
  -- Another id may have the same hash.
  if version == '' then return select(2, string.match(found, ${LIFE_AND_ID})) ~= id end
  return ${versionOf('digest', 'found')} == version
end

local function is_there(digest)
  return on_record('EXISTS', stem .. digest) == 1
end

local function check_free(id, digest)
  local holder = current[id]
  if holder and is_there(holder) then error({ err = 'ERR the id is in use' }) end
  if is_there(digest) then error({ err = 'ERR the digest is in use' }) end
end

local function add(id, digest, text, created, created_at, ends, ends_at)
  local hash = hashes[id] or ${hashOf('id')}
  redis.call('SET', stem .. digest, text)
  redis.call('ZADD', created, created_at, id)
  redis.call('HSET', digests, hash, digest)
  redis.call('ZADD', ends, ends_at, hash)
end
`
