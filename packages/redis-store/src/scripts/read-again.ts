import { LOOKUP, hashOf } from './parts/lookup.ts'
import { defineReading } from '../client/script.ts'
import type { Reading } from '../client/script.ts'

/** Reads some of an owner's tokens by id. Replies the packed digest and the text of each one found. */
export const READ_AGAIN: Reading = defineReading(String.raw`
local digests = KEYS[1]
local stem, is_cluster = ARGV[1], ARGV[2]
${LOOKUP}
local hashes, names = {}, {}
for index = 3, #ARGV do hashes[index - 2] = ${hashOf('ARGV[index]')} end
local indexed = redis.call('HMGET', digests, unpack(hashes))
for index = 1, #hashes do names[index] = stem .. (indexed[index] or '') end
local texts = on_record('MGET', unpack(names))
local reply = {}
for index = 1, #hashes do
  local text, digest = texts[index], indexed[index]
  if text and digest then
    table.insert(reply, digest)
    table.insert(reply, text)
  elseif digest then
    check_missing(is_cluster, names[index])
  end
end
return reply
`)
