import type { Settings } from '../setup/settings.ts'
import { hasChecksum, shapeFault } from '../token/secret/secret.ts'
import { statusOf } from '../token/token.ts'
import type { Token } from '../token/token.ts'
import { checkVerifyOptions } from '../token/verification.ts'
import type { VerifyOptions } from '../token/verification.ts'
import { findBySecret } from './find-by-secret.ts'
import { checkRecord } from './token-checks.ts'
import type { Check } from './token-checks.ts'

/** The answer of `verify` at this moment, and its reasons. */
export interface Explanation {
  readonly accepted: boolean
  /** In the order of `verify`, up to the last possible one. The first failed check is the reason. */
  readonly checks: readonly Check[]
  /** The token of this secret, if there is one. */
  readonly token: ExplainedToken | null
}

export type ExplainedToken = Pick<Token, 'id' | 'owner' | 'preview' | 'status'>

/** The verb `explain`. */
export async function explainSecret(
  settings: Settings,
  secret: string | undefined,
  options: VerifyOptions,
): Promise<Explanation> {
  checkVerifyOptions(options)
  const { ip, ...requirements } = options
  if (typeof secret !== 'string') return explained([failed('shape', 'nothing was presented')])
  const fault = shapeFault(secret, settings)
  if (fault !== null) return explained([failed('shape', fault)])
  const shape = passed('shape', 'as it is issued')
  if (!hasChecksum(secret)) return explained([shape, failed('checksum', 'mistyped, cut or made up')])
  const wellFormed = [shape, passed('checksum', 'right')]
  const record = await findBySecret(settings, secret)
  if (record === null) return explained([...wellFormed, failed('found', 'never issued here, or pruned since')])
  const now = settings.now()
  const checks = checkRecord(record, { now, ip, requirements, rules: settings })
  const { id, owner, preview } = record
  const token = { id, owner, preview, status: statusOf(record, now) }
  return explained([...wellFormed, passed('found', `token ${id} of ${owner}`), ...checks], token)
}

function explained(checks: readonly Check[], token: ExplainedToken | null = null): Explanation {
  return { accepted: checks.every((check) => check.passed), checks, token }
}

function passed(check: Check['check'], detail: string): Check {
  return { check, passed: true, detail }
}

function failed(check: Check['check'], detail: string): Check {
  return { check, passed: false, detail }
}
