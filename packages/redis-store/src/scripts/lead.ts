import { PRIMARY } from './primary.ts'
import { defineScript } from './script.ts'
import type { Script } from './script.ts'

/** Writes something that replicas can confirm, and replies the history of the server that wrote it. */
export const LEAD: Script = defineScript(
  'shrinks-or-keeps',
  `${PRIMARY}redis.call('SET', KEYS[1], history)\nreturn history\n`,
)
