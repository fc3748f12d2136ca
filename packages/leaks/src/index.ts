export { LONGEST_SECRET, findSecrets } from './find/find-secrets.ts'
export type { FoundSecret } from './find/find-secrets.ts'
export { scannerRules, scanners } from './rules/scanner-rules.ts'
export type { Scanner, ScannerRulesOptions } from './rules/scanner-rules.ts'
