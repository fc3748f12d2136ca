import type { Token } from '@tessera/core'
import { html } from '../html/html.ts'
import type { Fields } from '../forms/fields.ts'
import { problemBox, userText } from './parts.ts'
import type { Refusal } from './refusal.ts'
import type { Page } from './document.ts'
import type { View } from './view.ts'

/** What came of a question before. */
interface Asked {
  readonly problem?: Refusal
  readonly fields?: Fields
}

/** The last question before a revocation: it shows the last use. */
export function revokePage(view: View, token: Token, { problem, fields }: Asked = {}): Page {
  const { words, base, now } = view
  const title = words.say('revokeAsk', { name: userText(token.name) })
  const { lastUsedAt } = token
  const used =
    lastUsedAt === null ? words.say('revokeUnused') : words.say('revokeUsed', { when: words.when(lastUsedAt, now) })
  const link = `${base}/${encodeURIComponent(token.id)}`
  return {
    title,
    content: html`<h1>${title}</h1>${problem && problemBox(view, problem.text)}<form class="card problem" method="post" action="${link}/revoke">
<p><code>${token.preview}</code></p><p>${used}</p><p>${words.say('revokeHint')}</p>
<div class="choice field"><input type="checkbox" id="leaked" name="leaked" value="yes"${fields?.one('leaked') === 'yes' && html` checked`}><label for="leaked">${words.say('wasLeaked')}</label></div>
<div class="actions"><button class="danger">${words.say('revokeToken')}</button><a href="${link}">${words.say('cancel')}</a></div></form>`,
    ...(problem && { status: problem.status, headers: problem.headers }),
  }
}
