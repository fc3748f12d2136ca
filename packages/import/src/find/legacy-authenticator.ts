import {
  DAY_MS,
  StoreError,
  checkOptions,
  createBoundedMap,
  isFunction,
  isLine,
  shardOf,
  warn,
  wholeNumber,
} from '@tessera/core'
import type { LegacySecrets, TokenRecord, TokenRecords } from '@tessera/core'
import { createBoundedWork } from '../hashes/bounded-work.ts'
import { checkSlowHash } from '../hashes/slow-hash.ts'
import type { CompareBcrypt } from '../hashes/slow-hash.ts'
import { checkSecret } from '../move/check-token.ts'
import { keepToken } from '../move/keep-token.ts'
import { firstDigest, pointerKey } from '../pointers/keys.ts'
import { bucketOf, isPointer, pointerIn } from '../pointers/pointer.ts'
import { LegacyRowError, readRow } from '../systems/system.ts'
import type { LegacyReading, LegacyRow, LegacySystem, LegacyToken } from '../systems/system.ts'

export interface LegacyAuthenticatorOptions {
  /** The systems, in order: the first one to read a secret decides alone. */
  readonly systems: readonly LegacySystem[]
  /**
   * Finds the row of a token without an import, by the digest or the lookup of its secret; `null` if there is none. The token is
   * imported with its first use. Default none: only imported tokens are known.
   */
  readonly lookup?: (wanted: LegacyLookup) => Promise<LegacyRow | null>
  /**
   * Slow hashes at the same moment, each of another token, and how many tokens may wait. Beyond that the answer is 503. Default 2,
   * and 100. Guesses at one token wait for each other, five at most.
   */
  readonly slowHashes?: { readonly atOnce?: number; readonly waiting?: number }
  /** Compares with a hash of bcrypt. Default bcryptjs, slower than native libraries. */
  readonly bcrypt?: CompareBcrypt
  /** Called with the reason if a row of `lookup` cannot be kept: its secret is refused. Default a process warning. */
  readonly onError?: (error: Error) => void
}

/** The wanted row. It holds no secret. */
export interface LegacyLookup extends Pick<LegacyReading, 'digest' | 'lookup'> {
  readonly system: string
}

const MOST_KNOWN = 100_000

/** A presented secret and its place. */
interface Presented {
  readonly secret: string
  readonly system: LegacySystem
  readonly reading: LegacyReading
  /** The key of its pointer. */
  readonly key: string
  /** The possible digests of its record, but for a slow one. */
  readonly digests: readonly string[]
}

/**
 * Accepts the secrets of other systems: for the option `legacy` of `createTokens`.
 *
 * @throws TypeError for an unknown or wrong option, with its name
 */
export function legacyAuthenticator(options: LegacyAuthenticatorOptions): LegacySecrets {
  checkAuthenticator(options)
  const { systems, lookup, bcrypt, onError = warn } = options
  const { atOnce = 2, waiting = 100 } = options.slowHashes ?? {}
  const slow = createBoundedWork({ atOnce, waiting })
  // A pointer's owner never changes.
  const owners = createBoundedMap<string>(MOST_KNOWN)

  function know(key: string, owner: string): void {
    if (!owners.has(key)) owners.add(key, owner)
  }

  function present(secret: string, records: TokenRecords): Presented | null {
    for (const system of systems) {
      const reading = system.read(secret)
      if (reading === null) continue
      const key = pointerKey(system.name, reading)
      const own = records.digestsOf(secret)
      const digests = reading.digest === undefined ? own : [...own, firstDigest(system.name, reading)]
      return { secret, system, reading, key, digests }
    }
    return null
  }

  async function find(secret: string, records: TokenRecords): Promise<TokenRecord | null> {
    const presented = present(secret, records)
    if (presented === null) return null
    const { key, digests } = presented
    const owner = owners.get(key)
    if (owner !== undefined) return records.findByDigest(digests, shardOf(owner))
    // A store on one machine finds the record at once, one on many finds the pointer.
    const found = await records.findByDigest([...digests, key], shardOf(bucketOf(key)))
    if (found === null) return findInTable(presented, records)
    if (isPointer(found)) return findByPointer(presented, found, records)
    know(key, found.owner)
    return found
  }

  async function findByPointer(presented: Presented, found: TokenRecord, records: TokenRecords) {
    const { key, digests, reading, secret } = presented
    const { owner, digest, hash, isKept } = pointerIn(found)
    const record = await records.findByDigest(hash === null ? digests : [...digests, digest], shardOf(owner))
    if (record === null) {
      // Another process is about to add it, or died before. Later on it may as well have been pruned.
      const isNew = !isKept && records.now() - found.createdAt < DAY_MS
      return isNew ? findInTable(presented, records) : null
    }
    if (hash === null || record.digest !== digest) {
      know(key, owner)
      return record
    }
    return (await holds(secret, reading, hash)) ? record : null
  }

  function holds(secret: string, { hashed = secret }: LegacyReading, hash: string): Promise<boolean> {
    return slow.run(hash, hashed, () => checkSlowHash(hashed, hash, bcrypt))
  }

  async function findInTable(presented: Presented, records: TokenRecords): Promise<TokenRecord | null> {
    if (lookup === undefined) return null
    const { system, reading, secret, digests } = presented
    const row = await lookUpRow(lookup, system.name, reading)
    if (row === null) return null
    try {
      const token = readRow(() => system.row(row))
      checkSecret(token)
      if (!(await isOf(token, reading, secret))) return null
      await keepToken(records, system.name, token)
      const digest = firstDigest(system.name, token)
      return await records.findByDigest([...digests, digest], shardOf(token.owner))
    } catch (error) {
      if (!(error instanceof LegacyRowError)) throw error
      onError(new Error(`${system.name}: a row cannot be kept: ${error.message}`, { cause: error.cause }))
      return null
    }
  }

  /** The table may have answered with another row than it was asked for. */
  async function isOf(token: LegacyToken, reading: LegacyReading, secret: string): Promise<boolean> {
    if (token.lookup !== reading.lookup) return false
    return token.hash === undefined ? token.digest === reading.digest : holds(secret, reading, token.hash)
  }

  return { matches: (secret) => systems.some((system) => system.read(secret) !== null), find }
}

async function lookUpRow(
  lookup: NonNullable<LegacyAuthenticatorOptions['lookup']>,
  system: string,
  { digest, lookup: part }: LegacyReading,
): Promise<LegacyRow | null> {
  try {
    return await lookup({
      system,
      ...(digest !== undefined && { digest }),
      ...(part !== undefined && { lookup: part }),
    })
  } catch (error) {
    throw new StoreError('look up a token of another system', error)
  }
}

function checkAuthenticator(options: LegacyAuthenticatorOptions): void {
  checkOptions('legacyAuthenticator', options, {
    systems: {
      right: 'a list of systems such as sanctum(), each with a name of its own',
      test: areSystems,
      required: true,
    },
    lookup: { right: 'a function', test: isFunction },
    slowHashes: {
      right: 'an object: { atOnce, waiting }',
      test: (value) => typeof value === 'object' && value !== null,
    },
    bcrypt: { right: 'a function that compares a text with a hash', test: isFunction },
    onError: { right: 'a function', test: isFunction },
  })
  checkOptions('legacyAuthenticator: slowHashes', options.slowHashes ?? {}, {
    atOnce: wholeNumber(1, 64),
    waiting: wholeNumber(0, 10_000),
  })
}

function areSystems(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0) return false
  const names = value.map((each: Partial<LegacySystem> | null) => each?.name)
  const isSystem = (each: Partial<LegacySystem> | null) => isFunction(each?.read) && isFunction(each?.row)
  return value.every(isSystem) && names.every((name) => isLine(name)) && new Set(names).size === names.length
}
