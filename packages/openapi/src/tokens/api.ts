import type { Tokens } from '@tessera/core'
import type { AccessScopes, Dialect, DialectDescription } from '@tessera/http'
import type { SecurityScheme } from '../document/document.ts'

/** The documented API. */
export interface Api {
  readonly dialect: Dialect
  readonly describe: DialectDescription
  /** The media type of errors. */
  readonly errorType: string
  readonly rules: Tokens['rules']
  /** The scopes asked of a caller. */
  readonly scopes: Readonly<Record<keyof AccessScopes, readonly string[]>>
  /** The names of attributes that a request may give a new token. */
  readonly attributes: readonly string[]
  /** The ways to authenticate, each by itself. */
  readonly security: Readonly<Record<string, SecurityScheme>>
}

/** Whether a caller may come with a token. */
export function takesTokens({ security }: Pick<Api, 'security'>): boolean {
  return Object.values(security).some(isBearer)
}

/** Whether a caller may be a person. */
export function takesPeople({ security }: Pick<Api, 'security'>): boolean {
  return !Object.values(security).every(isBearer)
}

function isBearer({ type, scheme }: SecurityScheme): boolean {
  return type === 'http' && String(scheme).toLowerCase() === 'bearer'
}
