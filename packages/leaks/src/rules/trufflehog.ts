import type { ScannerRule } from './scanner-rule.ts'

/** @see https://github.com/trufflesecurity/trufflehog/blob/main/pkg/custom_detectors/CUSTOM_DETECTORS.md */
export function trufflehogRules({ name, keywords, expression }: ScannerRule): string {
  return `detectors:
  - name: '${name}'
    keywords:
${keywords.map((keyword) => `      - '${keyword}'`).join('\n')}
    regex:
      token: '${expression}'
`
}
