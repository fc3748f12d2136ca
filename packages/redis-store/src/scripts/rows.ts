/**
 * Lua on top of `RECORD`: the next rows of an owner's tokens by creation, from a position, or after the token with an id.
 * Where that token is gone by now, from the first that was created at the same instant; without the instant, nothing.
 * An id whose record was removed without its indexes is passed over. `following` is how many ids are behind the last one.
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
  if #ids == 0 then return { total = total, position = position, following = 0, last_id = false, last_instant = false } end

  local hashes, names = {}, {}
  for index, id in ipairs(ids) do hashes[index] = hash_of(id) end
  local indexed = redis.call('HMGET', digests, unpack(hashes))
  for index = 1, #ids do names[index] = stem .. (indexed[index] or '') end
  local texts = on_record('MGET', unpack(names))

  local rows = { hashes = {}, digests = {}, texts = {} }
  for index = 1, #ids do
    local text, digest = texts[index], indexed[index]
    if text and digest then
      table.insert(rows.hashes, hashes[index])
      table.insert(rows.digests, digest)
      table.insert(rows.texts, text)
    elseif digest then
      check_missing(is_cluster, names[index])
    end
  end
  rows.total, rows.position, rows.following = total, position, total - position - #ids
  rows.last_id, rows.last_instant = ids[#ids], redis.call('ZSCORE', created, ids[#ids])
  return rows
end
`
