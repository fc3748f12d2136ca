/**
 * Lua: whether the change feed is to be told of an owner, for tokens that were revoked in bulk and do not remember it
 * themselves. The mark is random, so that who has told of the owner does not take away the mark of tokens revoked since. It
 * is a field of the owner's `digests` that is the hash of no id.
 */
export const UNTOLD_OWNER: string = String.raw`
local OWNER_MARK = 'untold'

local function owner_mark(digests)
  return redis.call('HGET', digests, OWNER_MARK)
end
`
