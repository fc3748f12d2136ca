import type { Problem } from '@tessera/http'
import { html } from '../html/html.ts'
import type { PlainName } from '../words/english.ts'
import type { Words } from '../words/words.ts'
import type { Page } from './document.ts'
import type { PageOptions } from './view.ts'

interface Setting {
  readonly words: Words
  readonly base: string
  readonly options: PageOptions
}

/** Nobody signed in. There is no Bearer challenge: a person is asked. */
export function signedOutPage({ words, options: { signIn } }: Setting): Page {
  const link = signIn !== undefined && html`<a class="button primary" href="${signIn}">${words.say('signIn')}</a>`
  const title = words.say('signedOut')
  return {
    status: 401,
    title,
    content: html`<h1>${title}</h1><div class="card"><p>${words.say('signedOutHint')}</p>${link}</div>`,
  }
}

/** A form of another site: a browser sends the session along by itself. */
export function otherSitePage({ words, base }: Setting): Page {
  return message(words, base, 403, ['otherSite', 'otherSiteHint'])
}

/** A refusal without a form. */
export function problemPage({ words, base }: Setting, { code, status, headers }: Problem): Page {
  const general: Message = status === 400 ? ['badRequest', 'badRequestHint'] : ['problem', 'refused']
  return { ...message(words, base, status, MESSAGES.get(code) ?? general), headers }
}

function message(words: Words, base: string, status: number, [name, hint]: Message): Page {
  const title = words.say(name)
  const content = html`<h1>${title}</h1><div class="card problem" role="alert"><p>${words.say(hint)}</p></div>
<nav><a href="${base || '/'}">${words.say('back')}</a></nav>`
  return { status, title, content }
}

type Message = readonly [title: PlainName, hint: PlainName]

const MESSAGES: ReadonlyMap<string, Message> = new Map([
  ['not_found', ['notFound', 'notFoundHint']],
  ['malformed_id', ['notFound', 'notFoundHint']],
  ['unavailable', ['unavailable', 'unavailableHint']],
  ['payload_too_large', ['badRequest', 'badRequestHint']],
  ['unsupported_media_type', ['badRequest', 'badRequestHint']],
])
