import { gitleaksRule } from './gitleaks.ts'
import type { ScannerRule } from './scanner-rule.ts'

/**
 * GitLab's analyzer is gitleaks with rules of its own, in `/gitleaks.toml` of its image.
 *
 * @see https://docs.gitlab.com/user/application_security/secret_detection/pipeline/custom_rulesets_schema/
 */
export function gitlabRules(rule: ScannerRule): string {
  return `[secrets]
description = "API tokens: ${rule.name}"

[[secrets.passthrough]]
type = "raw"
target = "gitleaks.toml"
value = '''
${gitleaksRule(rule, '[extend]\npath = "/gitleaks.toml"')}
'''
`
}
