import { writeSync } from 'node:fs'
import { cachedStore } from '@tessera/cached-store'
import { createTokens } from '@tessera/core'
import { redisStore } from '@tessera/redis-store'
import { Redis } from 'ioredis'

// Answers one request, and is ended at the end of the same turn of the event loop: no timer ever runs.
const [port = '', isCached, secret] = process.argv.slice(2)
const onRedis = redisStore(new Redis(Number(port)))
const store = isCached === 'cached' ? cachedStore(onRedis) : onRedis
const tokens = createTokens({ store, prefix: 'ot_pat' })
const { ok } = await tokens.verify(secret)
writeSync(1, `${ok}\n`)
process.nextTick(() => process.kill(process.pid, 'SIGKILL'))
