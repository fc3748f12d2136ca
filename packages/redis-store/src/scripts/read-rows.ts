import { defineScript } from './script.ts'
import type { Script } from './script.ts'
import { RECORD } from './record.ts'

/**
 * Reads the next rows of an owner's tokens by creation: from a position, or after the token with an id. Where that token
 * is gone by now, from the first that was created at the same instant; without the instant, nothing.
 *
 * Replies how many tokens there are, the position of the first row, the id and the instant of the last row, then the
 * packed digest and the text of each row.
 */
export const READ_ROWS: Script = defineScript(
  'reads',
  String.raw`
local created, digests = KEYS[1], KEYS[2]
local stem, is_cluster, direction, limit = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local position, after_id, after_instant = tonumber(ARGV[5]), ARGV[6], ARGV[7]
${RECORD}
local ascending = direction == 'asc'
local total = redis.call('ZCARD', created)

if after_id then
  local rank = redis.call(ascending and 'ZRANK' or 'ZREVRANK', created, after_id)
  if rank then position = rank + 1
  elseif not after_instant then position = total
  elseif ascending then position = redis.call('ZCOUNT', created, '-inf', '(' .. after_instant)
  else position = redis.call('ZCOUNT', created, '(' .. after_instant, '+inf')
  end
end

local range = { 'ZRANGE', created, position, position + limit - 1 }
if not ascending then table.insert(range, 'REV') end
local ids = redis.call(unpack(range))
if #ids == 0 then return { total, position, false, false } end

local hashes = {}
for index, id in ipairs(ids) do hashes[index] = hash_of(id) end
local found = redis.call('HMGET', digests, unpack(hashes))
local names = {}
for index, digest in ipairs(found) do names[index] = stem .. (digest or '') end
local texts = on_record('MGET', unpack(names))

local last = ids[#ids]
local reply = { total, position, last, redis.call('ZSCORE', created, last) }
for index, text in ipairs(texts) do
  if not text then check_moving(is_cluster) end
  table.insert(reply, found[index])
  table.insert(reply, text)
end
return reply
`,
)
