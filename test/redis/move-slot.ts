import type { Redis } from 'ioredis'
import { until } from '../support/servers/index.ts'

const MOST_KEYS = 1_000

/** What happens in the middle of a move: when the keys chosen to go `first` have gone, and the others not yet. */
export interface Halfway {
  readonly first: (key: string) => boolean
  readonly work: () => Promise<void>
}

/** A primary of a cluster, as it takes part in a move. */
export interface SlotOwner {
  readonly port: number
  readonly id: string
  readonly client: Redis
}

const AT_ONCE: Halfway = { first: () => true, async work() {} }

/** Moves a slot with its keys from one of the owners, by its number, to another, as `redis-cli` does. */
export function createSlotMove(owners: readonly SlotOwner[]) {
  return async (slot: number, from: number, to: number, halfway = AT_ONCE): Promise<void> => {
    const [source, target] = [owners[from], owners[to]]
    if (source === undefined || target === undefined) throw new RangeError('no such node')
    await target.client.call('cluster', 'setslot', slot, 'importing', source.id)
    await source.client.call('cluster', 'setslot', slot, 'migrating', target.id)
    const moveKeys = async (isMeant: (key: string) => boolean): Promise<void> => {
      const keys = (await source.client.callBuffer('cluster', 'getkeysinslot', slot, MOST_KEYS)) as Buffer[]
      const meant = keys.filter((key) => isMeant(String(key)))
      for (const key of meant) await source.client.callBuffer('migrate', '127.0.0.1', target.port, key, 0, 5_000)
      if (meant.length > 0) await moveKeys(isMeant)
    }
    await moveKeys(halfway.first)
    await halfway.work()
    await moveKeys(() => true)
    for (const { client } of [target, source, ...owners]) {
      await client.call('cluster', 'setslot', slot, 'node', target.id)
    }
    // Until a node has heard of the new owner's epoch, word of the former one that is still under way takes it back.
    const epoch = /cluster_my_epoch:(\d+)/.exec(await target.client.cluster('INFO'))?.[1] ?? ''
    const agrees = async (client: Redis) => knowsOwner(String(await client.cluster('NODES')), target.id, epoch, slot)
    await Promise.all(owners.map(({ client }) => until(() => agrees(client))))
  }
}

/** Whether a node's list of all nodes shows that one, at this epoch, as the owner of a slot. */
function knowsOwner(list: string, id: string, epoch: string, slot: number): boolean {
  const fields =
    list
      .split('\n')
      .find((line) => line.startsWith(id))
      ?.split(' ') ?? []
  const ranges = fields.slice(8).map((range) => range.split('-').map(Number))
  return fields[6] === epoch && ranges.some(([first = -1, last = first]) => first <= slot && slot <= last)
}
