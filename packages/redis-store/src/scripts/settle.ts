import { RECORD } from './record.ts'
import { defineScript } from './script.ts'
import type { Script } from './script.ts'
import { UNTOLD } from './untold.ts'
import { UNTOLD_OWNER } from './untold-owner.ts'

/** Forgets the digests that the change feed has been told of: of some of an owner's tokens, each an id and its digests. */
export const SETTLE: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local digests = KEYS[1]
local stem, is_cluster = ARGV[1], ARGV[2]
${RECORD}
${UNTOLD}
local records = {}
for index = 3, #ARGV, 2 do
  local record = read_record(stem, digests, is_cluster, ARGV[index])
  if record then
    forget_told(record, ARGV[index + 1])
    table.insert(records, record)
  end
end
for _, record in ipairs(records) do write_record(record) end
`,
)

/** Forgets that the change feed is to be told of an owner, unless the mark is a later one by now. */
export const SETTLE_OWNER: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local digests, mark = KEYS[1], ARGV[1]
${UNTOLD_OWNER}
if owner_mark(digests) == mark then redis.call('HDEL', digests, OWNER_MARK) end
`,
)
