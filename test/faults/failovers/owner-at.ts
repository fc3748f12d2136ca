import { shardOf } from '@tessera/core'
import { slotOf } from '../../../packages/redis-store/src/text/slot.ts'

/** The slot of the change feed's keys. */
export const FEED = slotOf('feed')

/** An owner whose tokens are in a slot that is meant. */
export function ownerAt(isMeant: (slot: number) => boolean): string {
  const owners = Array.from({ length: 1_000 }, (_, number) => `owner-${number}`)
  const owner = owners.find((name) => isMeant(slotOf(shardOf(name))))
  if (owner === undefined) throw new RangeError('no owner has such a slot')
  return owner
}
