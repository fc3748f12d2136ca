import { invalidParameter } from '@tessera/http'
import { expiryChoices, readExpiryChoice } from '../forms/expiry-choices.ts'
import { readNetworkLines } from '../forms/fields.ts'
import type { Fields } from '../forms/fields.ts'
import { keyAfter, readKey } from '../forms/form-key.ts'
import { newPage } from '../pages/new-page.ts'
import { secretPage } from '../pages/secret-page.ts'
import type { Page } from '../pages/document.ts'
import { ceilingsOf, commandOf } from './command.ts'
import type { Sent } from './command.ts'
import { refusalOf } from '../pages/refusal.ts'

/** Makes a token, and shows its secret. A refused form comes back with its values and the reason. */
export async function createToken(sent: Sent, fields: Fields): Promise<Page> {
  const { view } = sent
  const { tokens, options, caller, now } = view
  try {
    const { actor, context } = commandOf(sent)
    const { key, at } = readKey(fields, now)
    const expiresAt = readExpiryChoice(fields, expiryChoices(tokens, options), at)
    if (expiresAt === undefined) throw invalidParameter('expiresAt', 'one of the choices')
    const issued = await tokens.issue({
      ...ceilingsOf(sent),
      owner: caller.owner,
      createdBy: caller.createdBy,
      attributes: caller.attributes,
      name: (fields.one('name') ?? '').trim(),
      scopes: fields.all('scopes'),
      expiresAt,
      networks: readNetworkLines(fields.one('networks') ?? '') ?? undefined,
      idempotencyKey: key,
      actor,
      context,
    })
    return secretPage(view, 'created', issued)
  } catch (error) {
    const refusal = refusalOf(view, error)
    return newPage(view, fields, keyAfter(fields, refusal, now), refusal)
  }
}
