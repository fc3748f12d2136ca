import { isGrantable } from '../token/scope.ts'
import { shardIn } from '../token/secret/secret.ts'
import type { TokenRecord } from '../token/token.ts'
import type { TokenRecords } from './legacy-secrets.ts'
import type { Settings } from './settings.ts'

/** The same in every copy of this package. */
const RECORDS: unique symbol = Symbol.for('tessera.records') as never

const LONGEST = 512

/** Whether a text is for the option `legacy`: no secret of ours, and of the shape of another system's. */
export function isLegacy(settings: Settings, secret: unknown): secret is string {
  const { legacy } = settings
  if (legacy === null || typeof secret !== 'string' || secret.length > LONGEST) return false
  return shardIn(secret, settings) === null && legacy.matches(secret)
}

export async function findLegacy(settings: Settings, secret: string): Promise<TokenRecord | null> {
  const record = (await settings.legacy?.find(secret, recordsIn(settings))) ?? null
  return record !== null && prefixesOf(settings).includes(record.prefix) ? record : null
}

function prefixesOf({ prefix, retiredPrefixes }: Settings): readonly string[] {
  return [prefix, ...retiredPrefixes]
}

function recordsIn(settings: Settings): TokenRecords {
  const { store, prefix, ids, digests, now, events } = settings
  return {
    prefix,
    prefixes: prefixesOf(settings),
    now,
    newId: () => ids.generate(now()),
    isId: (id) => ids.matches(id),
    mayGrant: (scope) => isGrantable(scope, settings),
    digestsOf: digests.all,
    findByDigest: store.findByDigest,
    take: store.take,
    insert: (record) => store.insert(record, { now: now(), activeLimit: null, idempotency: null }),
    list: store.list,
    noteImport({ owner, id, preview, name, scopes }, from, by) {
      events()?.emit({ type: 'imported', owner, tokenId: id, preview, name, scopes, from }, { at: now(), by })
    },
  }
}

/** The same tokens, and {@link recordsOf} finds their records. */
export function withRecords<Verbs extends object>(verbs: Verbs, settings: Settings): Verbs {
  return Object.assign(verbs, { [RECORDS]: recordsIn(settings) })
}

/**
 * The records behind the tokens of `createTokens`.
 *
 * @throws TypeError for anything else
 */
export function recordsOf(tokens: object): TokenRecords {
  const records = Reflect.get(tokens, RECORDS) as TokenRecords | undefined
  if (records === undefined) throw new TypeError('recordsOf: tokens must be those that createTokens returned')
  return records
}
