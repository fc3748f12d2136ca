import { RECORD } from './parts/record.ts'
import { defineReading } from '../client/script.ts'
import type { Reading } from '../client/script.ts'

/** Replies the packed digest and the text of a record; nothing if the owner has no such token. */
export const FIND: Reading = defineReading(String.raw`
local digests = KEYS[1]
local stem, is_cluster, id = ARGV[1], ARGV[2], ARGV[3]
${RECORD}
local record = find_record(stem, digests, is_cluster, id)
if not record then return false end
return { record.digest, record.text }
`)
