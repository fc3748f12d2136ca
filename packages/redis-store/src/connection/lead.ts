import { PRIMARY } from '../client/primary.ts'
import { defineScript } from '../client/script.ts'
import type { Script } from '../client/script.ts'

/** Writes for replicas to confirm. Replies the server's history and the number of its replicas. */
export const LEAD: Script = defineScript(
  'shrinks-or-keeps',
  `${PRIMARY}redis.call('SET', KEYS[1], history)\nreturn { history, string.match(replication, 'connected_slaves:(%d+)') }\n`,
)
