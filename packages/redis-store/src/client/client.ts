import type { Socket } from 'node:net'
import { hasMethods } from '@tessera/core'

/** A key or another argument of a command. */
export type Argument = string | number | Buffer

/** The part of ioredis in use, for both `Redis` and `Cluster`, in every supported major. */
export interface RedisClient {
  readonly isCluster: boolean
  readonly status?: string
  readonly options: object
  callBuffer(command: string, args: Argument[]): Promise<unknown>
  pipeline(): RedisPipeline
  on(event: string, listener: () => void): unknown
  /** Not of a cluster, and not before there is one. */
  readonly stream?: Connection | null
  /** Cluster only: the nodes of each slot, its primary first. */
  readonly slots?: readonly (readonly string[])[]
  /** Cluster only. */
  nodes?(role: 'master' | 'all'): readonly RedisClient[]
  /** Cluster only: reads the nodes of each slot again. */
  refreshSlotsCache?(): void
}

export type Connection = Pick<
  Socket,
  'cork' | 'uncork' | 'writableCorked' | 'bytesRead' | 'connecting' | 'destroyed' | 'destroy'
>

/** Commands for one node, sent in one go over one connection. */
export interface RedisPipeline {
  callBuffer(command: string, args: Argument[]): unknown
  exec(): Promise<readonly (readonly [error: Error | null, reply: unknown])[] | null>
}

/** @throws TypeError for anything but an ioredis client, and for one that would break the store's promises */
export function checkClient(client: RedisClient): void {
  if (!hasMethods(client, ['callBuffer', 'pipeline', 'on'])) {
    throw new TypeError('redisStore: client must be a Redis or Cluster of ioredis')
  }
  const scaleReads = optionOf(client, 'scaleReads') ?? 'master'
  if (client.isCluster && scaleReads !== 'master') {
    throw new TypeError('redisStore: set the client\'s scaleReads to "master": replicas lag behind revocations')
  }
  if (optionOf(client, 'role') === 'slave') {
    throw new TypeError('redisStore: set the client\'s role to "master": replicas lag behind revocations')
  }
  if (optionOf(client, 'enableAutoPipelining') === true) {
    throw new TypeError("redisStore: leave the client's enableAutoPipelining out: it cannot send binary keys")
  }
  if ((optionOf(client, 'keyPrefix') ?? '') !== '') {
    throw new TypeError("redisStore: give keyPrefix to redisStore, not to the client: the client's own misses scripts")
  }
}

/** The nodes of a cluster, as known to the client. A single server is its own node. */
export function nodesOf(client: RedisClient): readonly RedisClient[] {
  return client.nodes?.('all') ?? [client]
}

/** Where a node of a cluster is, as the client names it in its slots: `host:port`. */
export function addressOf({ options }: RedisClient): string {
  return `${String(Reflect.get(options, 'host'))}:${String(Reflect.get(options, 'port'))}`
}

/** The primaries of a cluster; a single server is its own. */
export function primariesOf(client: RedisClient): readonly RedisClient[] {
  return client.nodes?.('master') ?? [client]
}

function optionOf(client: RedisClient, name: string): unknown {
  return typeof client.options === 'object' ? Reflect.get(client.options, name) : undefined
}
