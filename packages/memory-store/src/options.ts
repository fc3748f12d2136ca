import { checkOptions, isBoolean, leaseRule } from '@tessera/core'

export interface MemoryStoreOptions {
  /** Says that tokens may end with the process in production too: nothing is warned of. Default `false`. */
  readonly inProduction?: boolean | undefined
  /**
   * The length of a lease of caches with the freshness `leased`, 10 to 10,000. A revocation then takes 1.1 times as long.
   * Default none: no cache gets a lease, and nothing waits.
   */
  readonly leaseMs?: number | undefined
}

/** @throws TypeError for an unknown or wrong option, with its name */
export function checkMemoryStoreOptions(options: MemoryStoreOptions): void {
  checkOptions('memoryStore', options, {
    inProduction: { right: 'true or false', test: isBoolean },
    leaseMs: leaseRule,
  })
}
