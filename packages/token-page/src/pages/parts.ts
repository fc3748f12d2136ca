import { DAY_MS } from '@tessera/core'
import type { Token } from '@tessera/core'
import { html } from '../html/html.ts'
import type { Html, Part } from '../html/html.ts'
import type { PlainName } from '../words/english.ts'
import type { View } from './view.ts'

const SOON_MS = 7 * DAY_MS

/** A text of the user, which may run in the other direction. */
export function userText(text: string): Html {
  return html`<bdi>${text}</bdi>`
}

export function statusBadge({ words }: View, { status }: Token): Html {
  return html`<span class="badge is-${status}">${words.say(status)}</span>`
}

export function lastUse({ words, now }: View, { lastUsedAt }: Token): Part {
  return lastUsedAt === null ? words.say('never') : words.when(lastUsedAt, now)
}

/** The expiry, with a warning in the last week. */
export function expiry({ words, now }: View, { expiresAt, status }: Token): Part {
  if (expiresAt === null) return words.say('never')
  const isSoon = status === 'active' && expiresAt.getTime() - now < SOON_MS
  const when = words.when(expiresAt, now)
  return isSoon ? html`<span class="soon">${words.say('expiresSoon', { when })}</span>` : when
}

/** The active tokens against the limit. */
export function usageMeter({ words }: View, { active, limit }: { active: number; limit: number | null }): Html {
  const values = { active: words.number(active), limit: words.number(limit ?? 0) }
  const text = words.count(limit === null ? 'usageOpen' : 'usage', active, values)
  const isFull = limit !== null && active >= limit
  return html`<div class="usage"><span id="usage">${text}</span>${
    limit !== null &&
    html`<meter aria-labelledby="usage" min="0" max="${limit}" value="${Math.min(active, limit)}"></meter>`
  }${isFull && html`<strong>${words.say('usageFull')}</strong>`}</div>`
}

/** The way back to the list. */
export function backLink({ words, base }: View): Html {
  return html`<nav><a href="${base || '/'}">${words.say('back')}</a></nav>`
}

/** What is wrong with a form. It is announced at once. */
export function problemBox({ words }: Pick<View, 'words'>, text: Part): Html {
  return html`<div class="card problem" role="alert"><h2>${words.say('problem')}</h2><p id="problem">${text}</p></div>`
}

export function noticeBox({ words }: View, name: PlainName): Html {
  return html`<div class="card notice" role="status"><p>${words.say(name)}</p></div>`
}
