const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/

export interface ScopeRules {
  /** Lets a granted `jobs:*` cover every scope with `jobs:` at its start. Off by default. */
  readonly wildcards?: boolean
}

export interface GrantRules extends ScopeRules {
  /** The scopes that can be granted; `null` for every well-formed one. */
  readonly catalogue: ReadonlySet<string> | null
}

/** The required grants: all of `scopes`, and at least one of `anyScope`. */
export interface Requirements<Scope extends string = string> {
  readonly scopes?: readonly Scope[]
  readonly anyScope?: readonly Scope[]
}

/** The scopes that a catalogue lets somebody ask for: with a wildcard in it, any text. */
export type Requirable<Scope extends string> = Scope extends `${string}*${string}` ? string : Scope

interface Granted {
  readonly scopes: readonly string[]
}

/** Whether `text` is one scope: 1 to 128 printable ASCII characters without space, `"` and `\` (RFC 6749 §3.3). */
export function isScope(text: string): boolean {
  return SCOPE.test(text)
}

/** Whether a well-formed scope can be granted today: it may have been withdrawn, and wildcards turned off. */
export function isGrantable(scope: string, { catalogue, wildcards }: GrantRules): boolean {
  return catalogue?.has(scope) !== false && grantsSomething(scope, { wildcards: wildcards ?? false })
}

/** Whether a scope grants what it says: a `*` stands only at its end, after a colon, and not without wildcards. */
export function grantsSomething(scope: string, { wildcards }: ScopeRules): boolean {
  const star = scope.indexOf('*')
  return star === -1 || (wildcards === true && star === scope.length - 1 && star > 1 && scope.endsWith(':*'))
}

/** Whether `granted` holds all of `required`. Nothing required is always covered. */
export function covers(granted: readonly string[], required: readonly string[], rules: ScopeRules = {}): boolean {
  return required.every((scope) => holds(granted, scope, rules))
}

/** Whether `granted` holds at least one of `alternatives`. No alternative is never covered. */
export function coversAny(
  granted: readonly string[],
  alternatives: readonly string[],
  rules: ScopeRules = {},
): boolean {
  return alternatives.some((scope) => holds(granted, scope, rules))
}

/** Whether a token's scopes meet the requirements. The token is not looked at if nothing is required. */
export function permits(token: Granted, { scopes, anyScope }: Requirements, rules: ScopeRules): boolean {
  if (scopes !== undefined && !covers(token.scopes, scopes, rules)) return false
  return anyScope === undefined || coversAny(token.scopes, anyScope, rules)
}

/** The required scopes not covered by `granted`, in their order. */
export function missingScopes(
  granted: readonly string[],
  required: readonly string[],
  rules: ScopeRules = {},
): readonly string[] {
  return required.filter((scope) => !holds(granted, scope, rules))
}

/** The scopes that hold a scope: a token permits it if it was granted one of them. */
export function grantsOf(scope: string, rules: ScopeRules = {}): readonly string[] {
  if (rules.wildcards !== true) return [scope]
  const colons = [...scope.matchAll(/:/g)].map(({ index }) => index)
  return [...new Set([scope, ...colons.map((colon) => `${scope.slice(0, colon + 1)}*`)])]
}

function holds(granted: readonly string[], scope: string, rules: ScopeRules): boolean {
  // Not `includes`, which a text has as well: "jobs:readonly" would hold jobs:read.
  if (granted.some((each) => each === scope)) return true
  if (rules.wildcards !== true) return false
  return granted.some((wide) => wide.endsWith(':*') && scope.startsWith(wide.slice(0, -1)))
}

const MOST_LISTS = 1_000
const LONGEST_LIST = 1_000

/**
 * Gives equal lists of scopes as one, frozen, for many tokens to share: most apps grant few different ones. It freezes no
 * list of a caller. Long lists are not shared, and after 1,000 different ones it starts over.
 */
export function createSharedScopes(): (scopes: readonly string[]) => readonly string[] {
  const lists = new Map<string, readonly string[]>()
  return (scopes) => {
    const key = scopes.join(' ')
    const known = lists.get(key)
    // Lists of texts that are no scopes may read alike.
    if (known?.length === scopes.length && known.every((scope, place) => scope === scopes[place])) return known
    const list = Object.isFrozen(scopes) ? scopes : Object.freeze([...scopes])
    if (key.length > LONGEST_LIST) return list
    if (lists.size >= MOST_LISTS) lists.clear()
    lists.set(key, list)
    return list
  }
}

/** One for all tokens of this process. */
export const sharedScopes: (scopes: readonly string[]) => readonly string[] = createSharedScopes()
