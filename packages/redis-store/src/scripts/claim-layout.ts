import { defineScript } from './script.ts'
import type { Script } from './script.ts'

/** Replies the layout that the keys have; an empty store takes ours. */
export const CLAIM_LAYOUT: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local layout_key = KEYS[1]
local ours = ARGV[1]
redis.call('SET', layout_key, ours, 'NX')
return redis.call('GET', layout_key)
`,
)
