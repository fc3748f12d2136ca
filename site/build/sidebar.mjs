import { readDocument } from './documents.mjs'
import { urlOf } from './links.mjs'
import { codes } from './problems/pages.mjs'
import { quickstarts } from './quickstarts.mjs'

/**
 * The documents by the question that they answer. What is not named here stands in the last group of its kind.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const GROUPS = {
  'How it works': [
    'docs/README.md',
    'docs/guarantees.md',
    'docs/verbs.md',
    'docs/rotate.md',
    'docs/expiry.md',
    'docs/networks.md',
    'docs/unused.md',
    'docs/notices.md',
    'docs/streams.md',
    'docs/secrets.md',
    'docs/peppers.md',
    'docs/apis.md',
  ],
  'Your API': [
    'docs/dialects.md',
    'packages/http/README.md',
    'packages/express/README.md',
    'packages/fastify/README.md',
    'packages/fetch/README.md',
    'packages/token-page/README.md',
    'examples/saas/README.md',
    'packages/openapi/README.md',
    'packages/client/README.md',
    'packages/access-jwt/README.md',
    'examples/oauth/README.md',
    'examples/access-tokens/README.md',
  ],
  Stores: [
    'docs/stores.md',
    'packages/memory-store/README.md',
    'packages/sqlite-store/README.md',
    'packages/postgres-store/README.md',
    'packages/postgres-store/docs/operations.md',
    'packages/redis-store/README.md',
    'packages/redis-store/docs/operations.md',
    'packages/cached-store/README.md',
    'docs/query-builders.md',
    'packages/store-conformance/README.md',
  ],
  'Moving in': [
    'packages/import/README.md',
    'docs/import-own-table.md',
    'docs/import-sanctum.md',
    'docs/import-better-auth.md',
    'docs/import-unkey.md',
  ],
  Operation: [
    'docs/operation.md',
    'packages/cli/README.md',
    'docs/events.md',
    'docs/diagnostics.md',
    'packages/opentelemetry/README.md',
    'docs/explain.md',
    'docs/leaks.md',
    'packages/leaks/README.md',
    'docs/prune.md',
    'docs/functions.md',
    'docs/tools.md',
    'examples/audit-log/README.md',
  ],
  Security: ['SECURITY.md'],
  Project: ['docs/releases.md', 'docs/sizes.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'test/bench/README.md'],
}

/** Titles that are too long beside the text, and those of files that several have. */
const SHORT = new Map([
  ['SECURITY.md', 'Threat model'],
  ['CHANGELOG.md', 'Changes'],
  ['docs/README.md', 'Two pictures'],
  ['docs/dialects.md', 'Dialects side by side'],
  ['docs/apis.md', 'Several APIs, a new prefix'],
  ['docs/tools.md', 'CommonJS, bundlers, Jest'],
  ['docs/guarantees.md', 'Guarantees and proofs'],
  ['packages/postgres-store/docs/operations.md', 'Operate PostgreSQL'],
  ['packages/redis-store/docs/operations.md', 'Operate Redis'],
  ['packages/store-conformance/README.md', 'Write a store'],
])

/**
 * The navigation beside every page.
 *
 * @param {ReadonlyMap<string, string>} pages the page of each document
 * @param {readonly string[]} references the packages with a reference
 */
export function sidebar(pages, references) {
  const links = (/** @type {readonly string[]} */ documents) =>
    documents.filter((document) => pages.has(document)).map((document) => linkTo(document, pages.get(document) ?? ''))
  const named = new Set(['README.md', ...Object.values(GROUPS).flat()])
  const others = [...pages.keys()].filter((document) => !named.has(document))
  const examples = others.filter((document) => document.startsWith('examples/'))
  const more = others.filter((document) => !document.startsWith('examples/'))
  const groups = Object.entries(GROUPS).map(([text, documents]) => group(text, links(documents)))
  const [project, ...before] = groups.reverse()
  return [
    group('Start', [
      { text: 'Overview', link: '/overview.html' },
      { text: 'Your framework', link: '/start/' },
      ...quickstarts.map(({ name, page }) => ({ text: name, link: urlOf(page) })),
    ]),
    ...before.reverse(),
    group('Error codes', [{ text: 'All codes', link: '/problems/' }, ...codes.map(codeLink)]),
    group('More', links(more)),
    group('Examples', links(examples)),
    group('Reference', [{ text: 'All packages', link: '/reference/' }, ...references.map(referenceLink)]),
    project,
  ].filter((each) => each !== undefined && each.items.length > 0)
}

/**
 * A heading leads to its first page: without a link, the theme would make it a button with another one inside.
 *
 * @param {string} text
 * @param {readonly { readonly text: string, readonly link: string }[]} items
 */
function group(text, items) {
  return { text, collapsed: text !== 'Start' && text !== 'How it works', link: items[0]?.link, items }
}

/**
 * @param {string} document
 * @param {string} page
 */
function linkTo(document, page) {
  const title = /^# (.*)$/m.exec(readDocument(document))?.[1] ?? document
  return { text: SHORT.get(document) ?? title.replaceAll('`', ''), link: urlOf(page) }
}

/** @param {string} code */
function codeLink(code) {
  return { text: code, link: `/problems/${code}/` }
}

/** @param {string} name */
function referenceLink(name) {
  return { text: `@tessera/${name}`, link: `/reference/${name}.html` }
}
