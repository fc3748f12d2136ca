import { defineScript } from './script.ts'
import type { Script } from './script.ts'
import { RECORD } from './record.ts'
import { STANDING } from './standing.ts'

/** Moves the last use of some of an owner's tokens forward, and their expiry; each is an id, an instant and an expiry or ''. */
export const RECORD_USE: Script = defineScript(
  'grows',
  String.raw`
local digests, ends = KEYS[1], KEYS[2]
local stem, is_cluster = ARGV[1], ARGV[2]
${RECORD}
${STANDING}
local function is_extended(record, at, to)
  if to == '' or record.expires == '' or is_revoked(record, at) then return false end
  return is_before(at, record.expires) and is_before(record.expires, to)
end

for index = 3, #ARGV, 3 do
  local id, at, extend_to = ARGV[index], ARGV[index + 1], ARGV[index + 2]
  local record = read_record(stem, digests, is_cluster, id)
  if record then
    local is_later = record.used == '' or is_before(record.used, at)
    local extends = is_extended(record, at, extend_to)
    if is_later then record.used = at end
    if extends then
      record.facts = extend_to .. string.sub(record.facts, #record.expires + 1)
      record.expires = extend_to
    end
    if is_later or extends then write_record(record) end
    if extends then write_end(ends, record) end
  end
end
`,
)
