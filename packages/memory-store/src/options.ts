import { checkOptions, isBoolean } from '@tessera/core'

export interface MemoryStoreOptions {
  /** Says that tokens may end with the process in production too: nothing is warned of. Default `false`. */
  readonly inProduction?: boolean | undefined
}

/** @throws TypeError for an unknown or wrong option, with its name */
export function checkMemoryStoreOptions(options: MemoryStoreOptions): void {
  checkOptions('memoryStore', options, { inProduction: { right: 'true or false', test: isBoolean } })
}
