import type { Call, Joining } from '@tessera/core'

const OWN_FAULT =
  /^(?:OOM |ERR the (?:digest|id) is in use\b|a step (?:puts a token that it was not shown|adds an id that is in use)$)/

/** How calls of one process are joined: those for the same token, or for the same count. */
export const joining: Omit<Joining<Call>, 'carryOut'> = { namesOf, laneOf, isOwnFault }

/** An owner has no control character. */
function namesOf(owner: string, { wants: { ids, key, active } }: Call): readonly string[] {
  const names = ids.map((id) => `${owner}\0id\0${id}`)
  if (key !== null) names.push(`${owner}\0key\0${key}`)
  if (active !== undefined) names.push(`${owner}\0active`)
  return names
}

/**
 * Those with a key, or without a token, are by themselves. Those of one token alone have a lane of their own, as they need
 * no memory of a full server.
 */
function laneOf({ wants: { ids, key, keysAt, active } }: Call): string | null {
  if (ids.length === 0 || key !== null || keysAt !== undefined) return null
  if (active !== undefined) return `counting ${active.prefixes.join()}`
  return ids.length === 1 ? 'one' : 'several'
}

/** A full server refuses only those that add something. */
function isOwnFault(error: unknown): boolean {
  return error instanceof Error && OWN_FAULT.test(error.message)
}
