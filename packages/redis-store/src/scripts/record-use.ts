import { RECORD } from './parts/record.ts'
import { defineScript } from '../client/script.ts'
import type { Script } from '../client/script.ts'

/** Moves the last use of some of an owner's tokens forward, each an id and an instant, and writes nothing else. */
export const RECORD_USE: Script = defineScript(
  'grows',
  String.raw`
local digests = KEYS[1]
local stem, is_cluster = ARGV[1], ARGV[2]
${RECORD}
for index = 3, #ARGV, 2 do
  local record, at = find_record(stem, digests, is_cluster, ARGV[index]), ARGV[index + 1]
  if record and (record.used == '' or tonumber(record.used, 36) < tonumber(at, 36)) then
    record.used = at
    write_record(record)
  end
end
`,
)
