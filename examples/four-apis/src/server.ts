import { cachedStore } from '@tessera/cached-store'
import { announce, describe } from './announce.ts'
import { createAllTokens } from './apis.ts'
import { createApp } from './app.ts'
import { FlagError, readFlags } from './flags.ts'
import { openStore } from './open-store.ts'
import { drain, listen } from './run-server.ts'
import { seedAll } from './seed.ts'

async function main(): Promise<void> {
  const flags = readFlags(process.argv.slice(2))
  const { store, close } = await openStore(flags)
  const cached = cachedStore(store, { freshness: flags.cache })
  // The last use of a token is in the store at most three seconds later: the interval and the second between flushes.
  const tokens = createAllTokens({ store: cached, activeLimit: flags.activeLimit, recordUseEveryMs: 2_000 })
  const seeds = flags.seed ? await seedAll(store) : {}
  const stopping = new AbortController()
  const { server, url } = await listen(createApp(tokens, stopping.signal), flags.port)

  const stop = async (): Promise<void> => {
    stopping.abort()
    await drain(server)
    const closed = await Promise.allSettled(Object.values(tokens).map((each) => each.close()))
    for (const result of closed) if (result.status === 'rejected') warn(result.reason)
    close()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop().catch(fail))

  const announcement = announce(url, seeds)
  console.log(flags.json ? JSON.stringify(announcement) : describe(announcement))
}

function fail(error: unknown): void {
  warn(error)
  process.exit(error instanceof FlagError ? 2 : 1)
}

function warn(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error)
  process.stderr.write(`four-apis: ${reason.split('\n')[0]}\n`)
}

main().catch(fail)
