import type { Issued, Replayed } from '@tessera/core'
import { html } from '../html/html.ts'
import { backLink, userText } from './parts.ts'
import type { Page } from './document.ts'
import type { View } from './view.ts'

/** The only page with a secret: the answer to its form. Sent again, the form has no secret to show. */
export function secretPage(view: View, made: 'created' | 'rotated', { token, secret }: Issued | Replayed): Page {
  const { words, base } = view
  const link = `${base}/${encodeURIComponent(token.id)}`
  if (secret === null) {
    const title = words.say(made === 'created' ? 'alreadyCreated' : 'alreadyRotated')
    return {
      title,
      content: html`${backLink(view)}<h1>${title}</h1><div class="card"><p>${userText(token.name)} <code>${token.preview}</code></p>
<p>${words.say('alreadyHint')}</p><a class="button" href="${link}">${words.say('toToken')}</a></div>`,
    }
  }
  const title = words.say(made === 'created' ? 'createdTitle' : 'rotatedTitle')
  return {
    status: 201,
    title,
    headers: { Location: link },
    content: html`<h1>${title}</h1><div class="card notice"><h2>${userText(token.name)}</h2>
<div class="secret"><div class="grow"><label for="secret">${words.say('secret')}</label>
<input id="secret" readonly dir="ltr" autocomplete="off" spellcheck="false" size="${secret.length}" value="${secret}" aria-describedby="secret-hint" autofocus></div>
<button type="button" class="primary" hidden data-copy="secret" data-status="copy-status" data-copied="${words.say('copied')}" data-failed="${words.say('copyFailed')}">${words.say('copy')}</button>
<span id="copy-status" role="status"></span></div>
<p class="hint" id="secret-hint">${words.say('secretHint')}</p></div>
<a class="button" href="${link}">${words.say('done')}</a>`,
  }
}
