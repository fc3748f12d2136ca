/**
 * Lua on top of `ROWS`: removes leftovers in the indexes, met on the way. Their tokens' records were removed alone, as
 * by hand.
 */
export const LEFTOVERS: string = String.raw`
local function remove_leftovers(created, digests, ends, rows)
  for _, each in ipairs(rows.missing) do
    redis.call('ZREM', created, each.id)
    redis.call('HDEL', digests, each.hash)
    redis.call('ZREM', ends, each.hash)
  end
end
`
