import { readDocument } from './documents.mjs'
import { bullets } from './markdown.mjs'

/** @param {string} shapes */
function icon(shapes) {
  return `<svg viewBox="0 0 24 24" width="26" height="26" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${shapes}</svg>`
}

/** @type {readonly { readonly icon: string, readonly title: string, readonly details: string, readonly link: string }[]} */
const features = [
  {
    icon: icon('<circle cx="12" cy="12" r="9"/><path d="M5.6 5.6l12.8 12.8"/>'),
    title: 'Revoked means refused',
    details: 'From the confirmation of a revocation on, every process refuses the token, also behind a cache.',
    link: '/guide/guarantees.html',
  },
  {
    icon: icon('<path d="M12 4v16M7 20h10M5 7h14M5 7l-3 7h6zM19 7l-3 7h6z"/>'),
    title: 'Rules hold under concurrency',
    details: 'The limit of active tokens, idempotency keys and the first revocation are each one atomic step.',
    link: '/guide/guarantees.html',
  },
  {
    icon: icon('<path d="M4 5h16v11H10l-5 4v-4H4z"/>'),
    title: 'Your API stays as it is',
    details: 'Four wordings of published APIs beside our own, and a sixth is four functions.',
    link: '/guide/dialects.html',
  },
  {
    icon: icon(
      '<ellipse cx="12" cy="6" rx="7" ry="3"/><path d="M5 6v12c0 1.7 3.1 3 7 3s7-1.3 7-3V6M5 12c0 1.7 3.1 3 7 3s7-1.3 7-3"/>',
    ),
    title: 'In your own database',
    details: 'PostgreSQL, Redis, SQLite or memory. Or write a store: its tests are there.',
    link: '/guide/stores.html',
  },
  {
    icon: icon('<circle cx="12" cy="8" r="4"/><path d="M4 21c0-4.4 3.6-7 8-7s8 2.6 8 7"/>'),
    title: 'A page for your users',
    details: 'They make, rotate and revoke their tokens on a page without JavaScript and without a build.',
    link: '/packages/token-page/',
  },
  {
    icon: icon('<path d="M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6z"/><path d="M8.5 12l2.5 2.5 4.5-5"/>'),
    title: 'A threat model with tests',
    details: 'What each attacker can do and what not, each sentence with the test that shows it.',
    link: '/security.html#threat-model',
  },
]

/**
 * The first page: what it is, ten lines that run, and where to go on. The code is that of the README.
 *
 * @param {(markdown: string, document: string) => string} withLinks
 */
export function homePage(withLinks) {
  const readme = readDocument('README.md')
  const code = /```sh\n[^]*?```\n\n```js\n[^]*?```/.exec(readme)?.[0]
  const picture = /^!\[.*\)$/m.exec(readme)?.[0]
  if (code === undefined || picture === undefined) throw new Error('README.md has no program or no picture')
  const hero = {
    name: 'Tessera',
    text: 'API tokens for the users of your app',
    tagline:
      'A TypeScript library that issues, verifies, lists, rotates and revokes them, beside any login and in your own database.',
    image: { src: '/mosaic.svg', alt: '' },
    actions: [
      { theme: 'brand', text: 'Start with your framework', link: '/start/' },
      { theme: 'alt', text: 'How it works', link: '/guide/' },
      { theme: 'alt', text: 'Guarantees', link: '/guide/guarantees.html' },
    ],
  }
  const front = JSON.stringify({
    layout: 'home',
    title: 'Tessera: API tokens for your app',
    titleTemplate: false,
    hero,
    features,
  })
  const parts = [`---\n${front}\n---`, '## Ten lines that run', code, '## The page for your users', picture]
  return withLinks(`${parts.join('\n\n')}\n\n## Why it holds\n\n${bullets(readme)}\n`, 'README.md')
}
