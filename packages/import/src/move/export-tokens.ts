import { pagesOf, recordsOf } from '@tessera/core'
import type { TokenRecord, TokenRecords, Tokens } from '@tessera/core'
import { BUCKET_OWNERS, pointerIn } from '../pointers/pointer.ts'

/** A line of an export: a record with its digest, or where the secret of another system is kept. */
export interface ExportedRow {
  /** The version of this form. */
  readonly tessera: 1
  readonly record: TokenRecord
}

const PAGE = 500

/**
 * Exports all tokens of owners, ended ones too, for `importTokens` into another store. It holds digests and no secret: with the
 * same pepper the secrets work there. Look after it like the store itself.
 *
 * Each page is of one instant. Changes made meanwhile may be missing, so export from an app at rest, or import again.
 *
 * @param owners A store does not list owners; your app knows them.
 */
export async function* exportTokens(
  tokens: Tokens,
  owners: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<ExportedRow> {
  const records = recordsOf(tokens)
  const exported = new Set<string>()
  for await (const owner of owners) {
    if (exported.has(owner)) continue
    exported.add(owner)
    yield* recordsOfOwner(records, owner, () => true)
  }
  for (const bucket of BUCKET_OWNERS) {
    yield* recordsOfOwner(records, bucket, (pointer) => exported.has(pointerIn(pointer).owner))
  }
}

async function* recordsOfOwner(
  records: TokenRecords,
  owner: string,
  isWanted: (record: TokenRecord) => boolean,
): AsyncGenerator<ExportedRow> {
  for await (const page of pagesOf(records, { owner, now: records.now() }, PAGE)) {
    for (const record of page) if (isWanted(record)) yield { tessera: 1, record }
  }
}
