import { isBoolean, isScope } from '@tessera/core'
import type { OptionRule, Requirements, VerifyOptions } from '@tessera/core'

/** The scopes asked for by a route, and what becomes of a route that asks for none. */
export interface RouteScopes<Scope extends string = string> extends Requirements<Scope> {
  /**
   * Refuses every token with 403 if neither `scopes` nor `anyScope` names one. So a route whose scopes were forgotten is
   * closed, and not open to every token. Default false.
   */
  readonly scopeRequired?: boolean
}

/** A list of scopes to ask for. An empty one would ask for nothing. */
export const scopesRule: OptionRule = {
  right: 'a list of at least one scope, each 1 to 128 printable ASCII characters without space, " and \\',
  test: (value) => Array.isArray(value) && value.length > 0 && value.every(isScopeText),
}

/** The options of {@link RouteScopes}, for `checkOptions`. */
export const routeScopesRules: Readonly<Record<keyof RouteScopes, OptionRule>> = {
  scopes: scopesRule,
  anyScope: scopesRule,
  scopeRequired: { right: 'a boolean', test: isBoolean },
}

/**
 * A list that is missing by mistake would leave the route open.
 *
 * @throws TypeError for scopes that are given as `undefined`
 */
export function checkRouteScopes(factory: string, options: RouteScopes): void {
  for (const name of ['scopes', 'anyScope'] as const) {
    if (!Object.hasOwn(options, name) || options[name] !== undefined) continue
    throw new TypeError(`${factory}: option "${name}" must be ${scopesRule.right}, got undefined`)
  }
}

/** The scopes of a route, to name in its challenge. */
export function namedScopes({ scopes = [], anyScope = [] }: Requirements): readonly string[] {
  return [...scopes, ...anyScope]
}

/** The requirements of a route, for `verify`. No token meets those of one that names no scope where it has to. */
export function requirementsOf(options: VerifyOptions & RouteScopes): VerifyOptions {
  if (options.scopeRequired === undefined) return options
  const { scopeRequired, ...requirements } = options
  if (!scopeRequired || namedScopes(requirements).length > 0) return requirements
  return { ...requirements, anyScope: [] }
}

type Facts = Pick<VerifyOptions, 'ip' | 'context'>

/**
 * Makes the options of each verification at a route. Objects of one literal have one shape: a copy of the requirements takes
 * longer to make and to check than the token to find.
 */
export function routeMaker({
  scopes,
  anyScope,
}: Requirements): (ip: Facts['ip'], context: Facts['context']) => VerifyOptions {
  if (scopes === undefined && anyScope === undefined) return (ip, context) => ({ ip, context })
  if (scopes === undefined) return (ip, context) => ({ anyScope: anyScope ?? [], ip, context })
  if (anyScope === undefined) return (ip, context) => ({ scopes, ip, context })
  return (ip, context) => ({ scopes, anyScope, ip, context })
}

function isScopeText(value: unknown): boolean {
  return typeof value === 'string' && isScope(value)
}
