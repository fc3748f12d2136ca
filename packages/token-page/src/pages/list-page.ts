import type { Token, TokenList } from '@tessera/core'
import { html } from '../html/html.ts'
import type { Html, Part } from '../html/html.ts'
import type { ListFilter } from '../forms/list-filter.ts'
import { STATUSES, hasOwnTokens, isFiltering, placeText } from '../forms/list-filter.ts'
import type { PlainName } from '../words/english.ts'
import { expiry, lastUse, statusBadge, usageMeter, userText } from './parts.ts'
import type { Page } from './document.ts'
import type { View } from './view.ts'

const COLUMNS: readonly PlainName[] = ['name', 'status', 'scopes', 'lastUsed', 'expires', 'madeBy']
const SHOWN_SCOPES = 3

/** The tokens of the owner, newest first. */
export function listPage(
  view: View,
  filter: ListFilter,
  { tokens, next }: TokenList,
  usage: { readonly active: number; readonly limit: number | null },
): Page {
  const { words, base } = view
  const isBare = tokens.length === 0 && !isFiltering(filter) && filter.after === null && next === null
  const content = html`<div class="head"><div><h1>${words.say('title')}</h1><p class="muted">${words.say('intro')}</p></div>
<a class="button primary" href="${base}/new">${words.say('newToken')}</a></div>
${usageMeter(view, usage)}
${isBare ? emptyState(view) : [filterForm(view, filter), table(view, tokens), pageLinks(view, filter, next)]}`
  return { title: words.say('title'), content }
}

function emptyState({ words }: View): Html {
  return html`<section class="card"><h2>${words.say('empty')}</h2><p>${words.say('emptyHint')}</p></section>`
}

function filterForm({ words, base, caller }: View, filter: ListFilter): Html {
  const option = (value: string, text: Part, chosen: string | null) =>
    html`<option value="${value}"${(chosen ?? '') === value && html` selected`}>${text}</option>`
  return html`<form class="filter" role="search" method="get" action="${base || '/'}">
<div class="grow"><label for="q">${words.say('search')}</label><input id="q" name="q" type="search" maxlength="255" value="${filter.name ?? ''}"></div>
<div><label for="status">${words.say('status')}</label><select id="status" name="status">${option('', words.say('anyStatus'), filter.status)}${STATUSES.map(
    (status) => option(status, words.say(status), filter.status),
  )}</select></div>
${
  hasOwnTokens(caller) &&
  html`<div><label for="maker">${words.say('maker')}</label><select id="maker" name="maker">${option('', words.say('anyMaker'), filter.maker)}${option('me', words.say('madeByMe'), filter.maker)}</select></div>`
}<button>${words.say('apply')}</button>${isFiltering(filter) && html`<a href="${base || '/'}">${words.say('clear')}</a>`}</form>`
}

function table(view: View, tokens: readonly Token[]): Html {
  const { words } = view
  if (tokens.length === 0) return html`<p class="card">${words.say('nothingFound')}</p>`
  const heads = COLUMNS.map((name) => html`<th role="columnheader" scope="col">${words.say(name)}</th>`)
  return html`<table role="table" aria-label="${words.say('title')}"><thead role="rowgroup"><tr role="row">${heads}</tr></thead>
<tbody role="rowgroup">${tokens.map((token) => row(view, token))}</tbody></table>`
}

function row(view: View, token: Token): Html {
  const { words, base, caller } = view
  const cell = (name: PlainName, content: Part) => html`<td role="cell" data-label="${words.say(name)}">${content}</td>`
  return html`<tr role="row"><th role="rowheader" scope="row"><a href="${base}/${encodeURIComponent(token.id)}">${userText(token.name)}</a>
<code class="below muted">${token.preview}</code>${caller.id === token.id && html`<span class="below muted">${words.say('current')}</span>`}</th>
${cell('status', statusBadge(view, token))}${cell('scopes', scopesOf(view, token))}${cell('lastUsed', lastUse(view, token))}${cell('expires', expiry(view, token))}${cell('madeBy', userText(token.createdBy ?? '–'))}</tr>`
}

function scopesOf({ words }: View, { scopes }: Token): Part {
  if (scopes.length === 0) return words.say('noScopes')
  const more = scopes.length - SHOWN_SCOPES
  const shown = scopes.slice(0, SHOWN_SCOPES).map((scope) => html`<code class="below">${scope}</code>`)
  return [shown, more > 0 && html`<span class="muted">${words.count('moreScopes', more)}</span>`]
}

function pageLinks({ words, base }: View, filter: ListFilter, next: TokenList['next']): Html | null {
  if (next === null && filter.after === null) return null
  const link = (after: string | null, text: Part) =>
    html`<a href="${base || '/'}${queryOf(filter, after)}">${text}</a> `
  return html`<nav aria-label="${words.say('pages')}">${filter.after !== null && link(null, words.say('firstPage'))}${
    next !== null && link(placeText(next), words.say('nextPage'))
  }</nav>`
}

function queryOf({ name, status, maker }: ListFilter, after: string | null): string {
  const parameters = new URLSearchParams()
  for (const [key, value] of Object.entries({ q: name, status, maker, after }))
    if (value !== null) parameters.set(key, value)
  return parameters.size === 0 ? '' : `?${parameters.toString()}`
}
