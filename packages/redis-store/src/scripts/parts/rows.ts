import { hashOf } from './lookup.ts'

/**
 * Lua on top of `LOOKUP`: the next rows of an owner's tokens by creation, from a position, or after a place: the
 * instant and the id of a token, even if it is gone by now. An id whose record was removed without its indexes is
 * passed over, and is one of `missing`. `following` is the number of ids behind the last one.
 */
export const ROWS: string = String.raw`
-- By bytes, as Redis orders ids of one instant: Lua compares strings by the locale.
local function is_less(id, other)
  for index = 1, math.min(#id, #other) do
    local byte, other_byte = string.byte(id, index), string.byte(other, index)
    if byte ~= other_byte then return byte < other_byte end
  end
  return #id < #other
end

-- How many tokens come before a place, and how many are at it: one, or none.
local function count_before(created, id, instant)
  local score = redis.call('ZSCORE', created, id)
  if score and tonumber(score) == tonumber(instant) then return redis.call('ZRANK', created, id), 1 end
  local low = redis.call('ZCOUNT', created, '-inf', '(' .. instant)
  local high = low + redis.call('ZCOUNT', created, instant, instant)
  while low < high do
    local middle = math.floor((low + high) / 2)
    if is_less(redis.call('ZRANGE', created, middle, middle)[1], id) then low = middle + 1 else high = middle end
  end
  return low, 0
end

local function position_of(created, page, total)
  local before, there = count_before(created, page.after_id, page.after_instant)
  return page.direction == 'asc' and before + there or total - before
end

-- Whether a token before a place, among the last ones, has no digest. There are digests of other prefixes too.
local function lacks_digests(created, digests, page)
  local is_ascending = page.direction == 'asc'
  local first, last = is_ascending and -page.limit or 0, is_ascending and -1 or page.limit - 1
  local hashes = {}
  for index, id in ipairs(redis.call('ZRANGE', created, first, last)) do hashes[index] = ${hashOf('id')} end
  local indexed = #hashes > 0 and redis.call('HMGET', digests, unpack(hashes)) or {}
  for index = 1, #hashes do if not indexed[index] then return true end end
  return false
end

local function read_rows(created, digests, ends, stem, is_cluster, page)
  local total = redis.call('ZCARD', created)
  -- A token without an end is none that the others lack.
  local has_gaps = redis.call('HLEN', digests) < total or redis.call('ZCARD', ends) > total
  local position = page.after_id and position_of(created, page, total) or page.position
  local range = { 'ZRANGE', created, position, position + page.limit - 1 }
  if page.direction ~= 'asc' then table.insert(range, 'REV') end
  local ids = redis.call(unpack(range))
  if #ids == 0 then
    has_gaps = has_gaps or page.after_id and lacks_digests(created, digests, page)
    return { total = total, following = 0, last_id = false, last_instant = false, missing = {}, has_gaps = has_gaps }
  end

  local hashes, names = {}, {}
  for index, id in ipairs(ids) do hashes[index] = ${hashOf('id')} end
  local indexed = redis.call('HMGET', digests, unpack(hashes))
  for index = 1, #ids do names[index] = stem .. (indexed[index] or '') end
  local texts = on_record('MGET', unpack(names))

  local rows = { hashes = {}, digests = {}, texts = {}, missing = {}, has_gaps = has_gaps }
  for index = 1, #ids do
    local text, digest = texts[index], indexed[index]
    if text and digest then
      table.insert(rows.hashes, hashes[index])
      table.insert(rows.digests, digest)
      table.insert(rows.texts, text)
    elseif digest then
      check_missing(is_cluster, names[index])
      table.insert(rows.missing, { id = ids[index], hash = hashes[index] })
    else
      rows.has_gaps = true
    end
  end
  rows.total, rows.following = total, total - position - #ids
  rows.last_id, rows.last_instant = ids[#ids], redis.call('ZSCORE', created, ids[#ids])
  return rows
end
`
