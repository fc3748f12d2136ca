import { checkOptions, isString } from '@tessera/core'
import { findAccessTokens } from '../find/find-access-tokens.ts'
import { maskSecrets } from '../find/mask-secrets.ts'
import { prefixesRule } from '../find/prefixes-rule.ts'
import { redactValue } from './redact-value.ts'

export interface RedactorOptions {
  /** The starts of the secrets, of one API or of several. Default every secret with a right checksum. */
  readonly prefixes?: readonly string[]
  /** The issuers of signed access tokens, as in their claim `iss`. Default none: they stay. */
  readonly issuers?: readonly string[]
}

/**
 * Blanks secrets. Returns the same value if there is none, else a copy, and never changes the value itself.
 *
 * - In a text, in linear time: a secret becomes its preview, an access token `[access token]`.
 * - In an object, at any depth: texts and keys of objects, arrays, maps, sets, headers, URLs and errors. What holds no
 *   secret stays as it is. A copy has `[left out]` for objects beyond 10,000 and below a depth of 100.
 * - Bytes, and texts in another encoding such as base64, are not looked at.
 */
export type Redact = <Value>(value: Value) => Value

const ACCESS_TOKEN = '[access token]'

/** @throws TypeError for an unknown or wrong option, with its name */
export function redactor(options: RedactorOptions = {}): Redact {
  checkOptions('redactor', options, {
    prefixes: prefixesRule,
    issuers: { right: 'a list of strings', test: isTexts },
  })
  const prefixes = options.prefixes === undefined ? null : [...options.prefixes]
  const issuers = [...(options.issuers ?? [])]

  function redactText(text: string): string {
    const masked = maskSecrets(text, prefixes)
    return issuers.length === 0 ? masked : withoutAccessTokens(masked, issuers)
  }

  return (value) => (isString(value) ? redactText(value) : redactValue(value, redactText)) as typeof value
}

/** {@link Redact} for every secret with a right checksum. */
export const redact: Redact = redactor()

function withoutAccessTokens(text: string, issuers: readonly string[]): string {
  let blanked = ''
  let end = 0
  for (const span of findAccessTokens(text, issuers)) {
    if (span.start < end) continue
    blanked += text.slice(end, span.start) + ACCESS_TOKEN
    end = span.end
  }
  return end === 0 ? text : blanked + text.slice(end)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isString)
}
