import { generateSecret } from '@tessera/core'
import type { ScannerRule } from './scanner-rule.ts'

/**
 * The fields of the partner programme and of a custom pattern. The example is a new secret of no token.
 *
 * @see https://docs.github.com/en/code-security/secret-scanning/secret-scanning-partnership-program/secret-scanning-partner-program
 * @see https://docs.github.com/en/code-security/reference/secret-security/supported-secret-scanning-patterns
 */
export function githubRules({ name, keywords: [first = ''], expression }: ScannerRule): string {
  return `Name: ${name}
Secret format: ${expression}
Test string: ${generateSecret(first.slice(0, -1), '00')}
`
}
