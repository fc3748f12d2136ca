import { RECORD } from './parts/record.ts'
import { defineScript } from '../client/script.ts'
import type { Script } from '../client/script.ts'

/** Makes records forget announced digests: of some of an owner's tokens, each an id and its digests. */
export const FORGET_OWED: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local digests = KEYS[1]
local stem, is_cluster = ARGV[1], ARGV[2]
${RECORD}
for index = 3, #ARGV, 2 do
  local record = find_record(stem, digests, is_cluster, ARGV[index])
  if record then
    for hex in string.gmatch(ARGV[index + 1], '%x+') do
      record.owed = string.gsub(record.owed, '%f[%x]' .. hex .. ' ', '', 1)
    end
    write_record(record)
  end
end
`,
)
