/** What a scanner looks for. All of it is ASCII without quotes and control characters. */
export interface ScannerRule {
  readonly name: string
  /** Each secret holds one of these. */
  readonly keywords: readonly string[]
  readonly expression: string
}
