import { html } from '../html/html.ts'
import type { Refusal } from './refusal.ts'
import { expiryChoices } from '../forms/expiry-choices.ts'
import type { Fields } from '../forms/fields.ts'
import { scopeChoices } from '../forms/scope-choices.ts'
import { expiryField, keyField, nameField, networksField, ownerField, scopesField } from './form-parts.ts'
import { backLink, problemBox } from './parts.ts'
import type { Page } from './document.ts'
import type { View } from './view.ts'

const USUAL_DAYS = 30

/**
 * The form for a new token.
 *
 * @param fields Values to begin with: of a link such as `/new?name=CI&scopes=jobs:read&days=30`, or of a form that was refused.
 */
export function newPage(view: View, fields: Fields, key: string, problem?: Refusal): Page {
  const { words, base, tokens, options, caller } = view
  const wrong = problem?.field
  const expiries = expiryChoices(tokens, options)
  const chosen = fields.all('scopes').flatMap((text) => text.split(/[\s,]+/))
  const content = html`${backLink(view)}<h1>${words.say('newToken')}</h1>${problem && problemBox(view, problem.text)}
<form class="card" method="post" action="${base}/new">${keyField(key)}${ownerField(view)}${nameField(view, fields.one('name') ?? '', wrong === 'name')}
${scopesField(view, scopeChoices(tokens, options, caller), chosen, wrong === 'scopes')}
${expiryField(view, expiries, { choice: choiceOf(fields, expiries.days), date: fields.one('date') ?? '' }, wrong === 'expiry')}
${networksField(view, fields.one('networks') ?? '', wrong === 'networks')}
<div class="actions"><button class="primary">${words.say('create')}</button><a href="${base || '/'}">${words.say('cancel')}</a></div></form>`
  return { title: words.say('newToken'), content, ...(problem && { status: problem.status, headers: problem.headers }) }
}

function choiceOf(fields: Fields, days: readonly number[]): string {
  const choice = fields.one('expiry') ?? fields.one('days')
  if (choice !== null) return choice
  if (fields.one('date')) return 'date'
  return String(days.includes(USUAL_DAYS) ? USUAL_DAYS : (days[0] ?? 'date'))
}
