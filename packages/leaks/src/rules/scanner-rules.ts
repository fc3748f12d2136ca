import { checkOptions, isString, secretPattern } from '@tessera/core'
import { prefixesRule } from '../find/prefixes-rule.ts'
import { githubRules } from './github.ts'
import { gitlabRules } from './gitlab.ts'
import { gitleaksRules } from './gitleaks.ts'
import type { ScannerRule } from './scanner-rule.ts'
import { trufflehogRules } from './trufflehog.ts'

export interface ScannerRulesOptions {
  /** The starts of the secrets of one API, the current one first: `prefix` and `retiredPrefixes` of `tokens.rules`. */
  readonly prefixes: readonly string[]
  /** Names the rule in findings: 1 to 64 of `[0-9A-Za-z_.-]`. Default the first prefix. */
  readonly name?: string
}

/** A scanner with rules of its own form. */
export type Scanner = 'github' | 'gitlab' | 'gitleaks' | 'trufflehog'

const WRITERS: Readonly<Record<Scanner, (rule: ScannerRule) => string>> = {
  github: githubRules,
  gitlab: gitlabRules,
  gitleaks: gitleaksRules,
  trufflehog: trufflehogRules,
}

/** The scanners, by name. */
export const scanners: readonly Scanner[] = Object.keys(WRITERS) as Scanner[]

/**
 * Writes the rules for a secret scanner.
 *
 * - `github`: the fields to send to GitHub's partner programme, or to fill into a custom pattern, one a line.
 * - `gitlab`: `.gitlab/secret-detection-ruleset.toml`.
 * - `gitleaks`: `.gitleaks.toml`, beside the default rules.
 * - `trufflehog`: `config.yaml`.
 *
 * All have the one expression of `secretPattern`, without look-around, for RE2 and Hyperscan.
 *
 * @returns The text of the file, with a line feed at its end.
 * @throws TypeError for an unknown scanner, and for an unknown or wrong option
 */
export function scannerRules(scanner: Scanner, options: ScannerRulesOptions): string {
  if (!Object.hasOwn(WRITERS, scanner))
    throw new TypeError(`scannerRules: the scanner is one of ${scanners.join(', ')}`)
  checkOptions('scannerRules', options, {
    prefixes: { ...prefixesRule, required: true },
    name: { right: '1 to 64 characters of [0-9A-Za-z_.-]', test: isRuleName },
  })
  const [prefix = '', ...others] = options.prefixes
  const { name = prefix } = options
  const keywords = [...new Set(options.prefixes)].map((each) => `${each}_`)
  return WRITERS[scanner]({ name, keywords, expression: secretPattern(prefix, ...others).source })
}

/** Whether a text may name a rule. */
export function isRuleName(value: unknown): boolean {
  return isString(value) && /^[0-9A-Za-z_.-]{1,64}$/.test(value)
}
