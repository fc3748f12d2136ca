import { defineScript } from '../client/script.ts'
import type { Script } from '../client/script.ts'

/** Replies the layout of the keys. An empty store takes ours. */
export const CLAIM_LAYOUT: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local layout_key = KEYS[1]
local ours = ARGV[1]
redis.call('SET', layout_key, ours, 'NX')
return redis.call('GET', layout_key)
`,
)
