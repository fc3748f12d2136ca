import { createLeases } from '@tessera/core'
import type { LeasedChanges, Leases, TokenStore } from '@tessera/core'
import { changing } from '../conditions/changing.ts'

/** What a store with leases does wrong. */
interface Mistakes {
  readonly waits?: (leases: Leases, change: TokenStore['change']) => TokenStore['change']
  /** The length that a change or a reading leaves beside the feed. */
  readonly keeps?: (kept: number, own: number) => number
  /** The length that a change waits for. */
  readonly meets?: (kept: number) => number
  readonly reads?: (changes: LeasedChanges, own: number) => LeasedChanges
}

/** The handles of one store, by the length of each. */
export interface LeasingStore {
  readonly create: (leaseMs: number) => TokenStore
  readonly connect: (store: TokenStore, leaseMs: number | undefined) => TokenStore
}

/** A store with leases that is right but for its mistakes. */
export function leasing({
  waits = (leases, change) => leases.waiting(change),
  keeps = Math.max,
  meets = (kept) => kept,
  reads = (changes) => changes,
}: Mistakes = {}): LeasingStore {
  let kept = 0
  let store = changing()()

  function connect(own = 0): TokenStore {
    const leases = createLeases(own)
    const change: TokenStore['change'] = async (...step) => {
      const answer = await store.change(...step)
      kept = keeps(kept, own)
      leases.meet(meets(kept))
      return answer
    }
    const { feed } = store
    return {
      ...store,
      change: waits(leases, change),
      ...(feed && {
        feed: {
          ...feed,
          async leasedChangesSince(revision: string) {
            const changes = await feed.changesSince(revision)
            kept = keeps(kept, own)
            return reads({ ...changes, leaseMs: kept }, own)
          },
        },
      }),
    }
  }

  return {
    create(leaseMs) {
      kept = 0
      store = changing()()
      return connect(leaseMs)
    },
    connect: (_store, leaseMs) => connect(leaseMs),
  }
}

export const brokenLeases: Readonly<Record<string, () => LeasingStore>> = {
  'acknowledges at once': () => leasing({ waits: (_leases, change) => change }),
  'waits for its own length only': () => leasing({ meets: () => 0 }),
  'waits first and announces then': () =>
    leasing({
      waits: (leases, change) => async (owner, wants, decide) => {
        await leases.waiting(async () => decide({ records: new Map(), kept: null, active: null, keys: null }) as never)(
          owner,
          wants,
          () => ({ answer: undefined as never, announce: 'owner' }),
        )
        return change(owner, wants, decide)
      },
    }),
  'does not wait for a repeat': () =>
    leasing({
      waits: (leases, change) => (owner, wants, decide) =>
        leases.waiting((_owner, _wants, deciding) =>
          change(owner, wants, (seen) => {
            const decision = decide(seen)
            if (decision.put !== undefined) deciding(seen)
            return decision
          }),
        )(owner, wants, decide),
    }),
  'keeps the latest length': () => leasing({ keeps: (kept, own) => own || kept }),
  'keeps the first length': () => leasing({ keeps: (kept, own) => kept || own }),
  'answers its own length': () => leasing({ reads: (changes, leaseMs) => ({ ...changes, leaseMs }) }),
  'answers a length and no changes': () => leasing({ reads: (changes) => ({ ...changes, digests: [] }) }),
}
