import type { TokenAction } from './actions/change-token.ts'

/** A page or an action, with the token that it is about. */
export type Route =
  | { readonly name: 'list'; readonly id: null }
  | { readonly name: 'new'; readonly id: null }
  | { readonly name: 'token' | TokenAction; readonly id: string }

const ACTIONS: readonly TokenAction[] = ['edit', 'rotate', 'suspend', 'resume', 'revoke']
const CHANGING: ReadonlySet<Route['name']> = new Set(['new', ...ACTIONS])

/** @param path Below the mount point, still percent-encoded. A slash at its end changes nothing. */
export function findRoute(path: string): Route | null {
  const [start, first = '', second, ...more] = path.replace(/(?<=[^/])\/$/, '').split('/')
  if (start !== '' || more.length > 0) return null
  if (first === '') return second === undefined ? { name: 'list', id: null } : null
  if (first === 'new' && second === undefined) return { name: 'new', id: null }
  const id = decode(first)
  const name = second === undefined ? 'token' : ACTIONS.find((action) => action === second)
  return id === null || name === undefined ? null : { name, id }
}

export function methodsOf({ name }: Route): readonly string[] {
  return CHANGING.has(name) ? ['GET', 'HEAD', 'POST'] : ['GET', 'HEAD']
}

function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}
