import type { Argument } from './client.ts'
import { announce, announceOwner } from './change-feed.ts'
import { readDigests } from './record-text.ts'
import { noneIn } from './reply.ts'
import { SETTLE, SETTLE_OWNER } from './scripts/settle.ts'
import type { Session } from './session.ts'

/** Tokens of one owner, and which digests the record of each remembers for the feed, in hex. */
export type Remembered = readonly { readonly id: Argument; readonly digests: string }[]

/** Tells the change feed of digests, in hex, and then has the records forget those that they remembered for it. */
export async function tell(session: Session, owner: string, digests: string, remembered: Remembered): Promise<void> {
  await announce(session, readDigests(digests))
  await forget(session, owner, remembered)
}

/** Tells the change feed of an owner, and then takes the owner's mark away. */
export async function tellOfOwner(session: Session, owner: string, mark: string): Promise<void> {
  await announceOwner(session, owner)
  noneIn(await session.change(SETTLE_OWNER, [session.keys.ofOwner(owner).digests], [mark]))
}

/** Has records forget what they remembered for the change feed, which was told of it. */
async function forget(session: Session, owner: string, remembered: Remembered): Promise<void> {
  if (remembered.length === 0) return
  const { stem, digests: index } = session.keys.ofOwner(owner)
  const pairs = remembered.flatMap((each) => [each.id, each.digests])
  noneIn(await session.change(SETTLE, [index], [stem, session.isCluster, ...pairs]))
}
