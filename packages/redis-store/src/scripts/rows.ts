/**
 * Lua on top of `RECORD`: the next rows of an owner's tokens by creation, from a position, or after the token with an id.
 * Where that token is gone by now, from the first that was created at the same instant; without the instant, nothing.
 */
export const ROWS: string = String.raw`
local function position_of(created, page, total)
  local ascending = page.direction == 'asc'
  local rank = redis.call(ascending and 'ZRANK' or 'ZREVRANK', created, page.after_id)
  if rank then return rank + 1 end
  if not page.after_instant then return total end
  if ascending then return redis.call('ZCOUNT', created, '-inf', '(' .. page.after_instant) end
  return redis.call('ZCOUNT', created, '(' .. page.after_instant, '+inf')
end

local function read_rows(created, digests, stem, is_cluster, page)
  local total = redis.call('ZCARD', created)
  local position = page.after_id and position_of(created, page, total) or page.position
  local range = { 'ZRANGE', created, position, position + page.limit - 1 }
  if page.direction ~= 'asc' then table.insert(range, 'REV') end
  local ids = redis.call(unpack(range))
  if #ids == 0 then return { total = total, position = position, last_id = false, last_instant = false } end

  local hashes = {}
  for index, id in ipairs(ids) do hashes[index] = hash_of(id) end
  local found = redis.call('HMGET', digests, unpack(hashes))
  local names = {}
  for index, digest in ipairs(found) do names[index] = stem .. (digest or '') end
  local texts = on_record('MGET', unpack(names))
  for index = 1, #ids do if not texts[index] then check_moving(is_cluster) end end

  local last_id = ids[#ids]
  return {
    total = total, position = position, last_id = last_id, last_instant = redis.call('ZSCORE', created, last_id),
    hashes = hashes, digests = found, texts = texts,
  }
end
`
