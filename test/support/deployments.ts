import { startRedis } from '../redis/index.ts'

/** What the server runs on; the suite runs once for each. */
export interface Deployment {
  readonly on: string
  /** Makes an empty store, for one server or several. */
  open(): Promise<DeployedStore>
}

export interface DeployedStore {
  /** For `--store`. */
  readonly url: string
  close(): Promise<void>
}

export const inMemory: Deployment = {
  on: 'memory',
  open: async () => ({ url: 'memory:', close: async () => {} }),
}

const onRedis: Deployment = {
  on: 'Redis',
  async open() {
    const server = await startRedis()
    return { url: `redis://127.0.0.1:${server.port}/0`, close: () => server.stop() }
  },
}

export const deployments: readonly Deployment[] = [inMemory, onRedis]
