import type { ScannerRule } from './scanner-rule.ts'

/** @see https://github.com/gitleaks/gitleaks#configuration */
export function gitleaksRules(rule: ScannerRule): string {
  return `${gitleaksRule(rule, '[extend]\nuseDefault = true')}\n`
}

/** @param extending The table that names the rules beside this one. */
export function gitleaksRule({ name, keywords, expression }: ScannerRule, extending: string): string {
  return `title = "API tokens: ${name}"

${extending}

[[rules]]
id = "${name}"
description = "An API token of ${name}. Revoke it."
regex = '${expression}'
keywords = [${keywords.map((keyword) => `"${keyword}"`).join(', ')}]`
}
