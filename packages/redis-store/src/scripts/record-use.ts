import { defineScript } from './script.ts'
import type { Script } from './script.ts'
import { RECORD } from './record.ts'

/** Moves the last use of some of an owner's tokens forward; each is an id and an instant. */
export const RECORD_USE: Script = defineScript(
  'grows',
  String.raw`
local digests = KEYS[1]
local stem, is_cluster = ARGV[1], ARGV[2]
${RECORD}
for index = 3, #ARGV, 2 do
  local id, at = ARGV[index], ARGV[index + 1]
  local record = read_record(stem, digests, is_cluster, id)
  if record and (record.used == '' or tonumber(record.used, 36) < tonumber(at, 36)) then
    record.used = at
    write_record(record)
  end
end
`,
)
