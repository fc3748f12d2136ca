/**
 * Lua on top of `RECORD`, `STANDING` and `UNTOLD`: the token that a pending successor takes the place of. The successor
 * remembers that the feed is to be told of it, since nothing else would do so when the predecessor is gone; its own record
 * is for the script to write.
 */
export const PREDECESSOR: string = String.raw`
local function is_pending(record)
  return record.rotated_from ~= '' and record.rotated_to == '' and record.overlap_ends ~= ''
end

local function revoke_predecessor(ends, successor, predecessor, at)
  revoke(ends, predecessor, at, 'rotated')
  local told = to_tell(predecessor)
  if not string.find(successor.untold, told, 1, true) then successor.untold = successor.untold .. told end
end
`
