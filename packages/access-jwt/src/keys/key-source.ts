import { StoreError } from '@tessera/core'
import { createLocalJWKSet, createRemoteJWKSet, errors } from 'jose'
import type { CryptoKey, JSONWebKeySet } from 'jose'
import type { JsonWebKeySet } from './key-ring.ts'

/** Finds a key by its name, `null` for an unknown one. Rejects with a StoreError if the keys could not be read. */
export type FindPublicKey = (kid: string, alg: string) => Promise<CryptoKey | null>

/** How long a failed reading counts: within it, unknown names make no other one. */
const PAUSE_MS = 1_000

/**
 * Finds the keys of a key set, or of its URL. That is read at first use, after ten minutes, and for an unknown name. Strangers may
 * make names up: so there is no reading for one within half a minute of a reading, nor within a second of a failed one.
 */
export function keySource(keys: JsonWebKeySet | URL, now: () => number): FindPublicKey {
  if (!(keys instanceof URL)) {
    const keySet = createLocalJWKSet(keys as JSONWebKeySet)
    return (kid, alg) => found(keySet({ kid, alg }))
  }
  const keySet = createRemoteJWKSet(keys)
  let failure: { readonly error: unknown; readonly at: number } | null = null

  function isKnown(kid: string, alg: string): boolean {
    const known = keySet.fresh ? (keySet.jwks()?.keys ?? []) : []
    return known.some((key) => key.kid === kid && (key.alg === undefined || key.alg === alg))
  }

  return async (kid, alg) => {
    if (failure !== null && Math.abs(now() - failure.at) < PAUSE_MS && !isKnown(kid, alg)) throw failure.error
    try {
      return await found(keySet({ kid, alg }))
    } catch (error) {
      failure = { error, at: now() }
      throw error
    }
  }
}

async function found(finding: Promise<CryptoKey>): Promise<CryptoKey | null> {
  try {
    return await finding
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return null
    throw new StoreError('read the key set of the issuer', error)
  }
}
