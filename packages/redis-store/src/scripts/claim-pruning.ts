import { defineScript } from '../client/script.ts'
import type { Script } from '../client/script.ts'

/**
 * Lets one of many callers prune: replies 1 to the first in so many milliseconds by the server's clock, 0 to the
 * others. A clock set back lets the next one.
 */
export const CLAIM_PRUNING: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local pruned = KEYS[1]
local once_in = tonumber(ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = tonumber(redis.call('GET', pruned) or '')
if last and last <= now and now - last < once_in then return 0 end
redis.call('SET', pruned, string.format('%.0f', now))
return 1
`,
)
