import { RECORD, versionOf } from './parts/record.ts'
import { defineScript } from '../client/script.ts'
import type { Script } from '../client/script.ts'

/** Makes records forget the digests they owed: of some of an owner's tokens, each an id and the version announced. */
export const FORGET_OWED: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local digests = KEYS[1]
local stem, is_cluster = ARGV[1], ARGV[2]
${RECORD}
for index = 3, #ARGV, 2 do
  local record = find_record(stem, digests, is_cluster, ARGV[index])
  if record and ${versionOf('record.digest', 'record.text')} == ARGV[index + 1] then
    record.owed = ''
    write_record(record)
  end
end
`,
)
