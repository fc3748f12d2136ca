import { endsAt } from '@tessera/core'
import type { Token, TokenReport } from '@tessera/core'
import { html } from '../html/html.ts'
import type { Html, Part } from '../html/html.ts'
import { expiryChoices } from '../forms/expiry-choices.ts'
import type { Refusal } from './refusal.ts'
import type { Fields } from '../forms/fields.ts'
import { OVERLAPS } from '../forms/overlaps.ts'
import { scopeChoices } from '../forms/scope-choices.ts'
import type { PlainName } from '../words/english.ts'
import { expiryField, keyField, nameField, networksField, scopesField } from './form-parts.ts'
import { backLink, expiry, lastUse, noticeBox, problemBox, statusBadge, userText } from './parts.ts'
import type { Page } from './document.ts'
import type { View } from './view.ts'

const USUAL_OVERLAP = '86400'

/** What is said above the facts of a token. */
export interface Remarks {
  readonly done?: PlainName | null
  /** What was asked of the token. */
  readonly asked?: TokenReport | undefined
  readonly problem?: Refusal
  /** The values of a form that was refused. */
  readonly sent?: { readonly action: 'edit' | 'rotate'; readonly fields: Fields }
}

/** One token: its facts, and everything that can be done with it. */
export function tokenDetails(view: View, token: Token, key: string, remarks: Remarks = {}): Page {
  const { words } = view
  const { done, problem } = remarks
  const { status } = token
  const isEditable = status === 'active' || status === 'suspended'
  const content = html`${backLink(view)}<div class="head"><h1>${userText(token.name)}</h1>${statusBadge(view, token)}</div>
${done && noticeBox(view, done)}${problem && problemBox(view, problem.text)}
<section class="card" aria-labelledby="facts"><h2 id="facts">${words.say('facts')}</h2><dl>${facts(view, token, remarks.asked)}</dl></section>
<div class="columns"><div>${isEditable && editForm(view, token, remarks)}</div>
<div>${status === 'active' && rotateForm(view, token, key, remarks)}${isEditable && pauseForm(view, token)}${status !== 'revoked' && revokeForm(view, token)}</div></div>`
  return { title: userText(token.name), content, ...(problem && { status: problem.status, headers: problem.headers }) }
}

function facts(view: View, token: Token, asked: TokenReport | undefined): readonly Part[] {
  const { words, now } = view
  const instant = (value: Date | null) => value && words.when(value, now)
  const link = (id: string | null) =>
    id && html`<a href="${view.base}/${encodeURIComponent(id)}"><code>${id}</code></a>`
  const end = token.rotatedTo === null || token.status === 'revoked' ? null : endsAt(token)
  const rows: readonly (readonly [PlainName, Part])[] = [
    ['preview', html`<code>${token.preview}</code>`],
    ['id', html`<code>${token.id}</code>`],
    ['owner', userText(token.owner)],
    ['madeBy', token.createdBy && userText(token.createdBy)],
    ['issuedBy', link(token.issuedBy)],
    ['scopes', scopeNames(view, token, asked)],
    [
      'networks',
      token.networks === null
        ? words.say('anyNetwork')
        : token.networks.map((each) => html`<code class="below">${each}</code>`),
    ],
    ['created', instant(token.createdAt)],
    ['updated', instant(token.updatedAt)],
    ['lastUsed', lastUse(view, token)],
    ['expires', expiry(view, token)],
    ['suspendedAt', instant(token.suspendedAt)],
    ['revokedAt', instant(token.revokedAt)],
    ['reason', token.revokedReason && words.say(token.revokedReason)],
    ['successor', link(token.rotatedTo)],
    ['predecessor', link(token.rotatedFrom)],
    ['acceptedUntil', instant(end)],
  ]
  return rows.map(([name, value]) => value && html`<dt>${words.say(name)}</dt><dd>${value}</dd>`)
}

function scopeNames({ words }: View, { scopes }: Token, asked: TokenReport | undefined): Part {
  if (scopes.length === 0) return words.say('noScopes')
  if (asked === undefined || asked.since === null)
    return scopes.map((scope) => html`<code class="below">${scope}</code>`)
  const start = asked.since.toISOString().slice(0, 10)
  return asked.granted.map(({ scope, lastAskedOn }) => {
    const when =
      lastAskedOn === null ? words.say('notAskedSince', { day: start }) : words.say('askedOn', { day: lastAskedOn })
    return html`<div class="below"><code>${scope}</code> ${when}</div>`
  })
}

function editForm(view: View, token: Token, { sent, problem }: Remarks): Html {
  const fields = sent?.action === 'edit' ? sent.fields : undefined
  const wrong = fields && problem?.field
  const { words, tokens, options, caller } = view
  const networks = fields?.one('networks') ?? token.networks?.join('\n') ?? ''
  const chosen = { choice: fields?.one('expiry') ?? 'same', date: fields?.one('date') ?? '' }
  return form(
    view,
    token,
    'edit',
    html`<input type="hidden" name="seen" value="${token.updatedAt.getTime()}">${nameField(view, fields?.one('name') ?? token.name, wrong === 'name')}
${scopesField(view, scopeChoices(tokens, options, caller, token.scopes), fields?.all('scopes') ?? token.scopes, wrong === 'scopes')}
${expiryField(view, expiryChoices(tokens, options), chosen, wrong === 'expiry', words.say('unchanged', { when: expiry(view, token) }))}
${networksField(view, networks, wrong === 'networks')}<button class="primary">${words.say('save')}</button>`,
  )
}

function rotateForm(view: View, token: Token, key: string, { sent, problem }: Remarks): Html {
  const { words } = view
  const chosen = (sent?.action === 'rotate' ? sent.fields.one('overlap') : null) ?? USUAL_OVERLAP
  const option = ([value, name, count]: (typeof OVERLAPS)[number]) =>
    html`<option value="${value}"${value === chosen && html` selected`}>${name === 'overlapNone' ? words.say(name) : words.count(name, count)}</option>`
  return form(
    view,
    token,
    'rotate',
    html`${keyField(key)}<p>${words.say('rotateHint')}</p>
<div class="field"><label for="overlap">${words.say('overlap')}</label><select id="overlap" name="overlap"${problem?.field === 'overlap' && html` aria-invalid="true" aria-describedby="problem"`}>${OVERLAPS.map(option)}</select></div>
<button>${words.say('rotateToken')}</button>`,
  )
}

function pauseForm(view: View, token: Token): Html {
  const { words } = view
  return token.status === 'suspended'
    ? form(view, token, 'resume', html`<p>${words.say('resumeHint')}</p><button>${words.say('resumeToken')}</button>`)
    : form(
        view,
        token,
        'suspend',
        html`<p>${words.say('suspendHint')}</p><button>${words.say('suspendToken')}</button>`,
      )
}

function revokeForm({ words, base }: View, { id }: Token): Html {
  return html`<section class="card" aria-labelledby="revoke"><h2 id="revoke">${words.say('revoke')}</h2><form method="get" action="${base}/${encodeURIComponent(id)}/revoke">
<p>${words.say('revokeHint')}</p><button class="danger">${words.say('revoke')}</button></form></section>`
}

function form(
  { words, base }: View,
  { id }: Token,
  action: 'edit' | 'rotate' | 'suspend' | 'resume',
  content: Html,
): Html {
  return html`<section class="card" aria-labelledby="${action}"><h2 id="${action}">${words.say(action)}</h2>
<form method="post" action="${base}/${encodeURIComponent(id)}/${action}">${content}</form></section>`
}
