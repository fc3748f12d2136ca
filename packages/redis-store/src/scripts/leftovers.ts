/**
 * Lua on top of `ROWS` and `UNTOLD_OWNER`: what the indexes keep of tokens whose records were removed alone, as by hand. It
 * is removed as it is met. A gap in the indexes is something else: the record may be there, and is not found by its owner.
 */
export const LEFTOVERS: string = String.raw`
local function remove_leftovers(created, digests, ends, rows)
  for _, each in ipairs(rows.missing) do
    redis.call('ZREM', created, each.id)
    redis.call('HDEL', digests, each.hash)
    redis.call('ZREM', ends, each.hash)
  end
end

local function has_gaps(created, digests, ends)
  local total = redis.call('ZCARD', created)
  local indexed = redis.call('HLEN', digests) - (owner_mark(digests) and 1 or 0)
  return indexed ~= total or redis.call('ZCARD', ends) > total
end
`
