import type { Settings } from '../setup/settings.ts'
import { isLegacy } from '../setup/token-records.ts'
import { hasChecksum, shapeFault } from '../token/secret/secret.ts'
import { asOf, statusOf } from '../token/token.ts'
import type { Token, TokenRecord } from '../token/token.ts'
import type { VerifyOptions } from '../token/verification.ts'
import { checkVerifyOptions } from './check-verify-options.ts'
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

export interface ExplainedToken extends Pick<Token, 'id' | 'owner' | 'preview' | 'status' | 'revokedReason'> {
  /** The ids of the tokens of its line that were revoked at the same instant or as leaked, if it is revoked. */
  readonly endedWith: readonly string[]
}

/** The verb `explain`. */
export async function explainSecret(
  settings: Settings,
  secret: string | undefined,
  options: VerifyOptions,
): Promise<Explanation> {
  checkVerifyOptions('explain', options)
  const { ip, ...requirements } = options
  if (typeof secret !== 'string') return explained([failed('shape', 'nothing was presented')])
  const wellFormed = shapeChecks(settings, secret)
  if (wellFormed.some((check) => !check.passed)) return explained(wellFormed)
  const record = await findBySecret(settings, secret)
  if (record === null) return explained([...wellFormed, failed('found', 'never issued here, or pruned since')])
  const now = settings.now()
  const checks = checkRecord(record, { now, ip, requirements, rules: settings })
  const { id, owner, preview } = record
  const { revokedAt, revokedReason } = asOf(record, now)
  const endedWith = revokedAt === null ? [] : await endedWithIn(settings, record, revokedAt, now)
  const token = { id, owner, preview, status: statusOf(record, now), revokedReason, endedWith }
  return explained([...wellFormed, passed('found', `token ${id} of ${owner}`), ...checks], token)
}

function shapeChecks(settings: Settings, secret: string): readonly Check[] {
  if (isLegacy(settings, secret)) return [passed('shape', 'that of another system')]
  const fault = shapeFault(secret, settings)
  if (fault !== null) return [failed('shape', fault)]
  const shape = passed('shape', 'as it is issued')
  return [shape, hasChecksum(secret) ? passed('checksum', 'right') : failed('checksum', 'mistyped, cut or made up')]
}

/** Nobody waits for an explanation, so the owner's tokens may be walked for it. */
async function endedWithIn(
  { store }: Settings,
  { id, owner, line }: TokenRecord,
  revokedAt: number,
  now: number,
): Promise<readonly string[]> {
  const query = { owner, now, statuses: ['revoked'], name: null, sort: { by: 'createdAt', direction: 'asc' } } as const
  const { records } = await store.list({ ...query, window: 'all' })
  const others = records.filter((record) => record.line === line && record.id !== id)
  const together = others.filter((record) => record.revokedReason === 'leaked' || record.revokedAt === revokedAt)
  return together.map((record) => record.id)
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
