import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTokens } from '@tessera/core'
import { createApp } from './app.ts'
import { SCOPES } from './access/roles.ts'
import { createSessions } from './access/sessions.ts'
import { ConfigError, readConfig, urlOf } from './config.ts'
import { writeEvent } from './data/audit.ts'
import { openDatabase } from './data/open-database.ts'

const DRAIN_MS = 10_000

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const database = await openDatabase(config.databaseUrl)
  const tokens = createTokens({
    store: database.store,
    prefix: 'acme_pat',
    scopes: Object.keys(SCOPES),
    onEvent: (event) => writeEvent(database, event),
    onError: (error) => console.error(error),
  })
  tokens.startPruning()

  let isEnding = false
  const sessions = createSessions(database, config)
  const app = createApp({ config, database, tokens, sessions, isEnding: () => isEnding })
  const server = await listen(createServer(app), config)
  const { port } = server.address() as AddressInfo
  console.log(urlOf(config.host, port))

  /** `/ready` gives notice, requests under way are finished, and their last uses and events are written. */
  async function stop(noticeMs: number): Promise<void> {
    isEnding = true
    await sleep(noticeMs)
    await drain(server)
    await tokens.close()
    await database.close()
  }
  process.once('SIGTERM', () => void stop(config.noticeMs).catch(fail))
  // From a terminal: no load balancer has to learn of it.
  process.once('SIGINT', () => void stop(0).catch(fail))
}

async function listen(
  server: Server,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<Server> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return server
}

async function drain(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
  await closed
  clearInterval(idle)
  clearTimeout(late)
}

function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`saas: ${message.split('\n')[0]}\n`)
  process.exit(error instanceof ConfigError ? 2 : 1)
}

main().catch(fail)
