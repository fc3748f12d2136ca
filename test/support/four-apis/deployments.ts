import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { hasPostgres, startPostgres } from '../../postgres/index.ts'
import { startRedis } from '../../redis/index.ts'
import { temporaryFolder } from '../servers/index.ts'

/** What the server runs on; the suite runs once for each. */
export interface Deployment {
  readonly on: string
  /** Makes an empty store, for one server or several. */
  open(): Promise<DeployedStore>
}

export interface DeployedStore {
  /** What the server is told of it. */
  readonly flags: readonly string[]
  close(): Promise<void>
}

export const inMemory: Deployment = {
  on: 'memory',
  open: async () => ({ flags: ['--store', 'memory:'], close: async () => {} }),
}

const onRedis: Deployment = {
  on: 'Redis',
  async open() {
    const server = await startRedis()
    return { flags: ['--store', `redis://127.0.0.1:${server.port}/0`], close: () => server.stop() }
  },
}

const onSqlite: Deployment = {
  on: 'SQLite',
  async open() {
    const folder = mkdtempSync(join(temporaryFolder(), 'tessera-sqlite-'))
    const close = async () => rmSync(folder, { recursive: true, force: true })
    return { flags: ['--store', `sqlite:${join(folder, 'tokens.db')}`], close }
  },
}

const onPostgres: Deployment = {
  on: 'PostgreSQL',
  async open() {
    const server = await startPostgres()
    return { flags: ['--store', server.url], close: () => server.stop() }
  },
}

export const deployments: readonly Deployment[] = [
  ...[inMemory, onRedis, onSqlite],
  ...(hasPostgres ? [onPostgres] : []),
]
