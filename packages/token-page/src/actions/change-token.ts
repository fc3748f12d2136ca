import type { Token } from '@tessera/core'
import { expiryChoices, readExpiryChoice } from '../forms/expiry-choices.ts'
import { readNetworkLines } from '../forms/fields.ts'
import type { Fields } from '../forms/fields.ts'
import { keyAfter, newKey, readKey } from '../forms/form-key.ts'
import { readOverlap } from '../forms/overlaps.ts'
import { revokePage } from '../pages/revoke-page.ts'
import { secretPage } from '../pages/secret-page.ts'
import { tokenDetails } from '../pages/token-page.ts'
import type { Page } from '../pages/document.ts'
import { ceilingsOf, commandOf } from './command.ts'
import type { Sent } from './command.ts'
import { redirectTo } from './redirect.ts'
import { refusalOf } from '../pages/refusal.ts'

/** The ways to change a token. */
export type TokenAction = 'edit' | 'rotate' | 'suspend' | 'resume' | 'revoke'

type Act = (sent: Sent, token: Token, fields: Fields) => Promise<Page>

/**
 * Makes a change of one token. A refused form comes back with the reason and its values. If the token has changed meanwhile,
 * it comes back with the token of now instead.
 */
export async function changeToken(action: TokenAction, sent: Sent, token: Token, fields: Fields): Promise<Page> {
  const { view } = sent
  try {
    return await ACTS[action](sent, token, fields)
  } catch (error) {
    const problem = refusalOf(view, error)
    if (action === 'revoke') return revokePage(view, token, { problem, fields })
    const key = keyAfter(fields, problem, view.now)
    if (problem.status === 409 && !problem.isSentBefore)
      return tokenDetails(view, (await view.tokens.get(token.owner, token.id)) ?? token, key, { problem })
    const isForm = action === 'edit' || action === 'rotate'
    return tokenDetails(view, token, key, { problem, ...(isForm && { sent: { action, fields } }) })
  }
}

const ACTS: Readonly<Record<TokenAction, Act>> = { edit, rotate, suspend, resume, revoke }

/** An edit of what the person did not see is refused: another tab may have narrowed it meanwhile. */
async function edit(sent: Sent, token: Token, fields: Fields): Promise<Page> {
  const { view } = sent
  const { tokens, options, caller, now, words } = view
  if (fields.one('seen') !== String(token.updatedAt.getTime())) {
    const problem = { status: 409, text: words.say('changedMeanwhile'), field: null, headers: {}, isSentBefore: false }
    return tokenDetails(view, token, newKey(now), { problem })
  }
  const request = {
    ...ceilingsOf(sent),
    name: (fields.one('name') ?? '').trim(),
    scopes: fields.all('scopes'),
    expiresAt: readExpiryChoice(fields, expiryChoices(tokens, options), now),
    networks: readNetworkLines(fields.one('networks') ?? ''),
    narrowOnly: caller.id === token.id,
  }
  await tokens.edit(caller.owner, token.id, request, commandOf(sent))
  return redirectTo(view, token, 'saved')
}

async function rotate(sent: Sent, { id }: Token, fields: Fields): Promise<Page> {
  const { view } = sent
  const options = {
    ...commandOf(sent),
    ...ceilingsOf(sent),
    createdBy: view.caller.createdBy,
    overlapMs: readOverlap(fields),
    idempotencyKey: readKey(fields, view.now).key,
  }
  return secretPage(view, 'rotated', await view.tokens.rotate(view.caller.owner, id, options))
}

async function suspend(sent: Sent, token: Token): Promise<Page> {
  await sent.view.tokens.suspend(token.owner, token.id, commandOf(sent))
  return redirectTo(sent.view, token, 'nowSuspended')
}

async function resume(sent: Sent, token: Token): Promise<Page> {
  await sent.view.tokens.resume(token.owner, token.id, commandOf(sent))
  return redirectTo(sent.view, token, 'nowActive')
}

async function revoke(sent: Sent, token: Token, fields: Fields): Promise<Page> {
  const leaked = { reason: 'leaked', issued: true } as const
  const options = { ...commandOf(sent), ...(fields.one('leaked') === 'yes' && leaked) }
  await sent.view.tokens.revoke(token.owner, token.id, options)
  return redirectTo(sent.view, token, 'nowRevoked')
}
