import type { CloseOptions } from './close-tokens.ts'
import type { EditRequest } from './manage/edit-token.ts'
import type { ListOptions } from './manage/list-tokens.ts'
import type { PruneOptions, PruningOptions } from './manage/prune-tokens.ts'
import type { CeilingOptions } from './manage/request/ceilings.ts'
import type { CreatorOption } from './manage/request/creator.ts'
import type { IdempotentOptions } from './manage/request/idempotency.ts'
import type { IdempotentIssueRequest } from './manage/request/issue-request.ts'
import type { SealOptions } from './manage/request/secret-again.ts'
import type { RevokeAllOptions } from './manage/revoke-all.ts'
import type { RevokeOneOptions, RevokeSecretOptions } from './manage/revoke-token.ts'
import type { RotateOptions } from './manage/rotate-token.ts'
import type { RevokeUnusedOptions, RevokingUnusedOptions, UnusedOptions } from './manage/unused-tokens.ts'
import type { AnnouncingExpiringOptions, ExpiringOptions } from './notices/expiring-tokens.ts'
import type { ActedBy, Derivation } from './observe/token-event.ts'
import type { ReportOptions } from './report/report-tokens.ts'
import { isFunction } from './setup/check-options.ts'
import { checkOwnNames } from './setup/check-names.ts'
import type { Inside, Names } from './setup/check-names.ts'
import type { ScheduleOptions } from './setup/schedule.ts'
import type { ActingToken } from './steps/decision/acting-token.ts'
import type { TokenSort, TokenWindow } from './store/query.ts'
import type { Requirements } from './token/scope.ts'
import type { VerifyOptions } from './token/verification.ts'
import type { WatchOptions } from './watch/watch-options.ts'
import { CONTEXT, REQUIREMENTS } from './verify/check-verify-options.ts'
import type { IntrospectOptions } from './verify/introspect-token.ts'

/** The options of every verb that has some. */
interface OptionsOf {
  readonly issue: IdempotentIssueRequest
  readonly verify: VerifyOptions
  readonly verifyNow: VerifyOptions
  readonly authenticate: VerifyOptions
  readonly checkById: VerifyOptions
  readonly introspect: IntrospectOptions
  readonly watch: WatchOptions
  readonly explain: VerifyOptions
  readonly list: ListOptions
  readonly revoke: RevokeOneOptions
  readonly revokeSecret: RevokeSecretOptions
  readonly revokeAll: RevokeAllOptions
  readonly listUnused: UnusedOptions
  readonly revokeUnused: RevokeUnusedOptions
  readonly startRevokingUnused: RevokingUnusedOptions
  readonly listExpiring: ExpiringOptions
  readonly announceExpiring: ExpiringOptions
  readonly startAnnouncingExpiring: AnnouncingExpiringOptions
  readonly report: ReportOptions
  readonly suspend: IdempotentOptions & ActedBy
  readonly resume: IdempotentOptions & ActedBy
  readonly edit: EditRequest
  readonly 'edit: options': IdempotentOptions & ActedBy
  readonly rotate: RotateOptions & CreatorOption & CeilingOptions & IdempotentOptions & SealOptions
  readonly rotateSecret: RotateOptions & IdempotentOptions
  readonly prune: PruneOptions
  readonly startPruning: PruningOptions
  readonly noteRefusal: Pick<VerifyOptions, 'ip' | 'context'>
  readonly permits: Requirements
  readonly reportExchange: Derivation & ActedBy
  readonly close: CloseOptions
}

type KeyOfEach<Union> = Union extends unknown ? keyof Union : never

const window: Names<Record<KeyOfEach<Exclude<TokenWindow, 'all'>>, unknown>> = {
  offset: true,
  after: true,
  limit: true,
}
const sort: Names<TokenSort> = { by: true, direction: true }
const actor: Names<ActingToken> = {
  id: true,
  requirements: { names: REQUIREMENTS, list: true },
  ip: true,
  until: true,
  mayOutlive: true,
}
const context: Inside = { names: CONTEXT, or: isFunction }
const verifying: Names<VerifyOptions> = { ...REQUIREMENTS, ip: true, context, onRefusal: true }
const actedBy: Names<ActedBy> = { by: true, actor: { names: actor }, context }
const commanding: Names<IdempotentOptions & ActedBy> = { idempotencyKey: true, ...actedBy }
const ceilings: Names<CeilingOptions> = { scopeCeiling: true, networkCeiling: true, expiryCeiling: true }
const revoking: Names<RevokeOneOptions> = { reason: true, issued: true, ...commanding }
const rotating: Names<RotateOptions & IdempotentOptions> = {
  overlapMs: true,
  expiresAt: true,
  reason: true,
  ...commanding,
}
const schedule: Names<ScheduleOptions> = { everyMs: true, random: true }

/** Every name of every verb's options, in the order of its messages. The types leave none out. */
export const OPTION_NAMES: { readonly [Verb in keyof OptionsOf]: Names<OptionsOf[Verb]> } = {
  issue: {
    owner: true,
    name: true,
    scopes: true,
    expiresAt: true,
    networks: true,
    createdBy: true,
    attributes: true, // its names are the app's own
    ...ceilings,
    by: true,
    actor: { names: actor },
    context,
    idempotencyKey: true,
    sealUnder: true,
  },
  verify: verifying,
  verifyNow: verifying,
  authenticate: verifying,
  checkById: verifying,
  introspect: { ip: true, mayKnow: true, countsAsUse: true, context },
  watch: { ...REQUIREMENTS, requirements: { names: REQUIREMENTS, list: true }, ip: true, withinMs: true },
  explain: verifying,
  list: {
    statuses: true,
    name: true,
    createdBy: true,
    issuedBy: true,
    scope: true,
    createdAfter: true,
    createdBefore: true,
    usedAfter: true,
    unusedSince: true,
    expiresBefore: true,
    sort: { names: sort },
    window: { names: window, or: (value) => value === 'all' },
  },
  revoke: revoking,
  revokeSecret: { ...revoking, mayRevoke: true },
  revokeAll: {
    exceptId: true,
    issuedBefore: true,
    scope: true,
    createdBy: true,
    issuedBy: true,
    reason: true,
    ...commanding,
  },
  listUnused: { unusedForMs: true },
  revokeUnused: { unusedForMs: true, evenIfNoneWasUsed: true, ...actedBy },
  startRevokingUnused: { owners: true, unusedForMs: true, evenIfNoneWasUsed: true, by: true, ...schedule },
  listExpiring: { withinMs: true },
  announceExpiring: { withinMs: true },
  startAnnouncingExpiring: { owners: true, withinMs: true, ...schedule },
  report: { days: true, id: true },
  suspend: commanding,
  resume: commanding,
  edit: { name: true, scopes: true, expiresAt: true, networks: true, narrowOnly: true, ...ceilings },
  'edit: options': commanding,
  rotate: { ...rotating, createdBy: true, ...ceilings, sealUnder: true },
  rotateSecret: rotating,
  prune: { keepMs: true, by: true },
  startPruning: { keepMs: true, by: true, ...schedule },
  noteRefusal: { ip: true, context },
  permits: REQUIREMENTS,
  reportExchange: { accessTokenId: true, scopes: true, audience: true, until: true, ...actedBy },
  close: { withinMs: true },
}

/**
 * Hands on the options of a verb.
 *
 * @throws TypeError for anything but an object, for an unknown name in it or inside, and for an inherited one
 */
export function known<Verb extends keyof OptionsOf, Options extends OptionsOf[Verb]>(
  verb: Verb,
  options: Options,
): Options {
  checkOwnNames(verb, options, OPTION_NAMES[verb])
  return options
}
