import { Cluster, Redis } from 'ioredis'
import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis5'
import type { Argument, RedisClient } from '../src/client/client.ts'

const RETRY_MS = 50

/** A client as the tests use it: for the store, and to look at the server by themselves. */
export interface TestClient extends RedisClient {
  call(command: string, args: Argument[]): Promise<unknown>
  disconnect(): void
}

/** Options that the tests set, of those that both majors have. */
export interface RedisOptions {
  readonly port?: number
  readonly username?: string
  readonly password?: string
  readonly lazyConnect?: boolean
  readonly keyPrefix?: string
  readonly sentinels?: { host: string; port: number }[]
  readonly name?: string
  readonly role?: 'master' | 'slave'
  readonly enableOfflineQueue?: boolean
  readonly autoResendUnfulfilledCommands?: boolean
  readonly enableAutoPipelining?: boolean
  readonly natMap?: NatMap
  readonly connectTimeout?: number
}

export interface ClusterOptions {
  readonly lazyConnect?: boolean
  readonly scaleReads?: 'master' | 'slave' | 'all' | ((nodes: unknown[]) => never)
  readonly redisOptions?: Pick<RedisOptions, 'keyPrefix' | 'connectTimeout' | 'username' | 'password'>
  readonly enableAutoPipelining?: boolean
  readonly natMap?: NatMap
  readonly clusterNodeRetryStrategy?: () => number
  readonly slotsRefreshInterval?: number
}

/** Where the client finds what servers call by these addresses. */
type NatMap = Record<string, { host: string; port: number }>

/** How clients are made in one major of ioredis. A lost connection is tried again every 50 ms. */
export interface Major {
  redis(options: RedisOptions): TestClient
  cluster(ports: readonly number[], options?: ClusterOptions): TestClient
}

export const newestMajor: Major = {
  redis: (options) => quiet(new Redis({ retryStrategy, ...options })),
  cluster: (ports, options = {}) => quiet(new Cluster(ports.map(nodeAt), { clusterRetryStrategy, ...options })),
}

const oldestMajor: Major = {
  redis: (options) => quiet(new Redis5({ retryStrategy, ...options })),
  cluster: (ports, options = {}) => quiet(new Cluster5(ports.map(nodeAt), { clusterRetryStrategy, ...options })),
}

/** For `describe.each`: what is tested works alike with each. */
export const MAJORS: readonly (readonly [name: string, major: Major])[] = [
  ['ioredis 6', newestMajor],
  ['ioredis 5', oldestMajor],
]

/** Calls `use` with a client, and disconnects it whatever happens. */
export async function withClient<Answer>(
  client: TestClient,
  use: (client: TestClient) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await use(client)
  } finally {
    client.disconnect()
  }
}

function retryStrategy(): number {
  return RETRY_MS
}

function clusterRetryStrategy(): number {
  return RETRY_MS
}

function nodeAt(port: number): { host: string; port: number } {
  return { host: '127.0.0.1', port }
}

/** Connection errors are what many tests are about: the client tells of them by rejecting, too. */
function quiet<Client extends TestClient>(client: Client): Client {
  client.on('error', () => {})
  return client
}
