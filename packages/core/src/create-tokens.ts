import { closeTokens, flushAll } from './close-tokens.ts'
import type { CloseOptions } from './close-tokens.ts'
import { countUsage } from './manage/count-usage.ts'
import { editToken } from './manage/edit-token.ts'
import { issueToken } from './manage/issue-token.ts'
import type { Issued } from './manage/issue-token.ts'
import { listTokens } from './manage/list-tokens.ts'
import { pruneOnSchedule, pruneTokens, pruningRules } from './manage/prune-tokens.ts'
import type { PruningOptions } from './manage/prune-tokens.ts'
import type { CeilingOptions } from './manage/request/ceilings.ts'
import type { CreatorOption } from './manage/request/creator.ts'
import type { IdempotentOptions } from './manage/request/idempotency.ts'
import type { IdempotentIssueRequest } from './manage/request/issue-request.ts'
import type { SealOptions } from './manage/request/secret-again.ts'
import { revokeAllTokens } from './manage/revoke-all.ts'
import { revokeSecret, revokeToken } from './manage/revoke-token.ts'
import { rotateSecret, rotateToken } from './manage/rotate-token.ts'
import type { RotateOptions, Rotated } from './manage/rotate-token.ts'
import { resumeToken, suspendToken } from './manage/suspend-token.ts'
import { listUnusedTokens, revokeUnusedOfAll, revokeUnusedTokens, revokingUnusedRules } from './manage/unused-tokens.ts'
import type { RevokingUnusedOptions } from './manage/unused-tokens.ts'
import {
  announceExpiring,
  announceExpiringOfAll,
  announcingExpiringRules,
  listExpiringTokens,
  needHook,
} from './notices/expiring-tokens.ts'
import type { AnnouncingExpiringOptions } from './notices/expiring-tokens.ts'
import { createBackground } from './observe/background.ts'
import { traceVerb, traceVerbs } from './observe/trace-verbs.ts'
import type { TracedVerbs } from './observe/trace-verbs.ts'
import { known } from './option-names.ts'
import { reportTokens } from './report/report-tokens.ts'
import type { OptionRule } from './setup/check-options.ts'
import type { TokensOptions } from './setup/options.ts'
import { createReadiness } from './setup/readiness.ts'
import { createScheduler } from './setup/schedule.ts'
import type { ScheduleOptions, Scheduler } from './setup/schedule.ts'
import { settingsOf } from './setup/settings.ts'
import { withRecords } from './setup/token-records.ts'
import type { TokenRules } from './setup/token-rules.ts'
import { missingScopes, permits } from './token/scope.ts'
import type { Requirable } from './token/scope.ts'
import { toToken } from './token/token.ts'
import type { Token } from './token/token.ts'
import type { Verification } from './token/verification.ts'
import type { Tokens } from './tokens.ts'
import { createAcceptor } from './verify/accept.ts'
import type { Verifier } from './verify/answer.ts'
import { checkById } from './verify/check-by-id.ts'
import { checkRequirements } from './verify/check-verify-options.ts'
import { shareCompletions } from './verify/complete-rotation.ts'
import { explainSecret } from './verify/explain-secret.ts'
import { introspectToken } from './verify/introspect-token.ts'
import { reportExchange } from './verify/report-exchange.ts'
import { traceVerification } from './verify/trace-verification.ts'
import { afterAsks, createAskRecorder } from './verify/uses/record-asked.ts'
import { createUseRecorder } from './verify/uses/record-use.ts'
import { createVerify, verifyToken } from './verify/verify-token.ts'
import { createWatcher } from './watch/watch-token.ts'

/**
 * Binds the verbs to a store.
 *
 * @throws TypeError for an unknown, wrong or contradictory option, with its name
 * @example
 * const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
 * const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: ['jobs:read'] })
 * const token = await tokens.authenticate(secret, { scopes: ['jobs:read'] })
 */
export function createTokens<const Scope extends string = string>(
  options: TokensOptions<Scope>,
): Tokens<Requirable<Scope>> {
  const settings = settingsOf(options)
  const { store, now, onError, ids, prefix } = settings
  const background = createBackground(settings)
  const asks = settings.recordScopesAsked ? createAskRecorder(settings, background) : null
  const uses = createUseRecorder(asks === null ? store : afterAsks(asks, store), {
    ...settings,
    everyMs: settings.recordUseEveryMs,
  })

  /** Each run is traced like a verb. */
  function scheduler<Options extends ScheduleOptions>(
    operation: string,
    rules: Readonly<Record<string, OptionRule>>,
    work: (options: Options, everyMs: number) => Promise<unknown>,
  ): Scheduler<Options> {
    return createScheduler<Options>(operation, rules, traceVerb({ operation, prefix }, 'other', work), onError)
  }

  const pruner = scheduler<PruningOptions>('startPruning', pruningRules, (only, everyMs) =>
    pruneOnSchedule(settings, only, everyMs),
  )
  const unusedRevoker = scheduler<RevokingUnusedOptions>('startRevokingUnused', revokingUnusedRules, (only) =>
    revokeUnusedOfAll(settings, uses, only),
  )
  const announcer = scheduler<AnnouncingExpiringOptions>('startAnnouncingExpiring', announcingExpiringRules, (only) =>
    announceExpiringOfAll(settings, only),
  )
  const watcher = createWatcher(settings)
  const verifier: Verifier = {
    settings,
    completeRotation: shareCompletions(settings),
    asks,
    acceptor: createAcceptor(settings, uses, background),
    observed(verification) {
      settings.counters.countVerification(verification)
      return verification
    },
  }

  const introspecting: Verifier = { ...verifier, observed: (verification) => verification }

  async function get(owner: string, id: string): Promise<Token | null> {
    const record = ids.matches(id) ? await store.find(owner, id) : null
    return record === null ? null : toToken(record, now())
  }

  async function findById(id: string): Promise<Token | null> {
    const record = ids.matches(id) ? await store.findById(id) : null
    return record === null ? null : toToken(record, now())
  }

  const close = (ending: CloseOptions = {}) =>
    closeTokens(
      { schedulers: [pruner, unusedRevoker, announcer], watcher, background, uses, asks, events: settings.events() },
      known('close', ending),
    )

  const verbs: Tokens<Requirable<Scope>> = {
    rules: settings.rules as TokenRules<Requirable<Scope>>,
    issue: async (request: IdempotentIssueRequest) => issueToken(settings, known('issue', request)) as Promise<Issued>,
    ...createVerify(verifier),
    authenticate: async (secret, wanted) =>
      tokenOf(
        await traceVerification(settings, 'authenticate', () => verifyToken(verifier, secret, wanted, 'authenticate')),
      ),
    checkById: (owner, id, wanted) =>
      traceVerification(settings, 'checkById', () => checkById(verifier, owner, id, wanted)),
    introspect: async (secret, wanted = {}) => introspectToken(introspecting, secret, known('introspect', wanted)),
    watch: (token, options = {}) => watcher.watch(token, known('watch', options)),
    explain: (secret, wanted = {}) => explainSecret(settings, secret, wanted),
    list: async (owner, options = {}) => listTokens(settings, owner, known('list', options)),
    usage: async (owner) => countUsage(settings, owner),
    get,
    findById,
    revoke: async (owner, id, options = {}) => revokeToken(settings, owner, id, known('revoke', options)),
    revokeSecret: async (secret, options = {}) => revokeSecret(settings, secret, known('revokeSecret', options)),
    revokeAll: async (owner, options = {}) => revokeAllTokens(settings, owner, known('revokeAll', options)),
    listUnused: async (owner, only) => listUnusedTokens(settings, uses, owner, known('listUnused', only)),
    revokeUnused: async (owner, only) => revokeUnusedTokens(settings, uses, owner, known('revokeUnused', only)),
    startRevokingUnused: (only) => unusedRevoker.start(known('startRevokingUnused', only)),
    listExpiring: async (owner, only) => listExpiringTokens(settings, owner, known('listExpiring', only)),
    announceExpiring: async (owner, only) => announceExpiring(settings, owner, known('announceExpiring', only)),
    startAnnouncingExpiring(only) {
      const right = known('startAnnouncingExpiring', only)
      needHook(settings, 'startAnnouncingExpiring')
      return announcer.start(right)
    },
    report: async (owner, options = {}) => reportTokens(settings, asks, owner, known('report', options)),
    suspend: async (owner, id, options = {}) => suspendToken(settings, owner, id, known('suspend', options)),
    resume: async (owner, id, options = {}) => resumeToken(settings, owner, id, known('resume', options)),
    edit: async (owner, id, request, options = {}) =>
      editToken(settings, owner, id, known('edit', request), known('edit: options', options)),
    rotate: async (
      owner: string,
      id: string,
      options: RotateOptions & CreatorOption & CeilingOptions & IdempotentOptions & SealOptions = {},
    ) => rotateToken(settings, owner, id, known('rotate', options)) as Promise<Issued>,
    rotateSecret: async (secret: string, options: RotateOptions & IdempotentOptions = {}) =>
      rotateSecret(settings, secret, known('rotateSecret', options)) as Promise<Rotated | null>,
    prune: async (options = {}) => pruneTokens(settings, known('prune', options)),
    startPruning: (options = {}) => pruner.start(known('startPruning', options)),
    noteRefusal(reason, token, request = {}) {
      const asked = known('noteRefusal', request)
      settings.events()?.refusedLater(reason, token, asked)
      const refused = verifier.observed({ ok: false, reason })
      traceVerification(settings, 'noteRefusal', () => refused)
    },
    permits(token, requirements) {
      checkRequirements('permits', requirements)
      asks?.noteWhole(token, requirements, now())
      return permits(token, requirements, settings)
    },
    missingScopes: (granted, required) => missingScopes(granted, required, settings),
    isId: (text) => ids.matches(text),
    reportExchange(token, derivation) {
      reportExchange(settings, token, known('reportExchange', derivation))
      asks?.note(token, { scopes: derivation.scopes }, now())
    },
    stats: () => ({
      ...settings.counters.read(),
      usesDropped: uses.dropped(),
      asksDropped: asks?.dropped() ?? 0,
      watches: watcher.count(),
      cache: options.store.cache?.stats?.() ?? null,
    }),
    ready: createReadiness(store),
    flush: () => flushAll(uses, asks),
    close: async (ending) => close(ending),
    [Symbol.asyncDispose]: async () => close(),
  }
  return withRecords(traceVerbs(verbs, prefix, TRACED), settings)
}

/** Each verb with a channel of its own, and its first argument. */
const TRACED: TracedVerbs<Tokens> = {
  issue: 'request',
  introspect: 'secret',
  explain: 'secret',
  list: 'owner',
  usage: 'owner',
  get: 'owner',
  findById: 'other',
  revoke: 'owner',
  revokeSecret: 'secret',
  revokeAll: 'owner',
  listUnused: 'owner',
  listExpiring: 'owner',
  announceExpiring: 'owner',
  revokeUnused: 'owner',
  report: 'owner',
  suspend: 'owner',
  resume: 'owner',
  edit: 'owner',
  rotate: 'owner',
  rotateSecret: 'secret',
  prune: 'other',
  ready: 'other',
  flush: 'other',
  close: 'other',
}

function tokenOf(verification: Verification): Token | null {
  return verification.ok ? verification.token : null
}
