import { checkNames } from '@tessera/core'
import type { Names, Token } from '@tessera/core'
import type { Caller } from '../message/caller.ts'

/** A verified `Token` is a caller, and so has all its fields. */
const NAMES: Names<Caller & Token> = {
  id: true,
  owner: true,
  scopes: true,
  networks: true,
  createdBy: true,
  expiresAt: true,
  rotatedTo: true,
  overlapEndsAt: true,
  credentialEndsAt: true,
  attributes: true, // its names are the app's own
  name: true,
  preview: true,
  status: true,
  issuedBy: true,
  createdAt: true,
  updatedAt: true,
  lastUsedAt: true,
  suspendedAt: true,
  revokedAt: true,
  revokedReason: true,
  rotatedFrom: true,
}

/**
 * A fault of the app must not stand for more than it means: scopes that are missing, or a limit under a mistyped name.
 *
 * @throws TypeError for a caller with an unknown name, and for scopes that are neither a list nor `null`
 */
export function checkCaller(caller: Caller): void {
  checkNames('caller', caller, NAMES)
  if (caller.scopes === null || Array.isArray(caller.scopes)) return
  throw new TypeError('the scopes of a caller must be a list, or null for everything')
}
