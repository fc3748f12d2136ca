import { invalidParameter } from '@tessera/http'
import { expiryChoices, readExpiryChoice } from '../forms/expiry-choices.ts'
import { readNetworkLines } from '../forms/fields.ts'
import type { Fields } from '../forms/fields.ts'
import { keyAfter, newKey, readKey } from '../forms/form-key.ts'
import { newPage } from '../pages/new-page.ts'
import { secretPage } from '../pages/secret-page.ts'
import type { Page } from '../pages/document.ts'
import { ceilingsOf, commandOf } from './command.ts'
import type { Sent } from './command.ts'
import { refusalOf } from '../pages/refusal.ts'

/**
 * Makes a token, and shows its secret. A refused form comes back with its values and the reason. So does a form of another owner:
 * in another tab the person signed in anew, or chose another organization.
 */
export async function createToken(sent: Sent, fields: Fields): Promise<Page> {
  const { view } = sent
  const { tokens, options, caller, now } = view
  if ((fields.one('owner') ?? caller.owner) !== caller.owner) {
    const text = view.words.say('otherOwner')
    return newPage(view, fields, newKey(now), { status: 409, text, field: null, headers: {}, isSentBefore: true })
  }
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
