import { existsSync } from 'node:fs'
import { posix } from 'node:path'
import { HOME, root } from './root.mjs'

const FENCED = /^( *)(```|~~~)[^\n]*\n.*?^\1\2 *$/gms
const CODE = /`[^`\n]*`/g
const LINK = /\]\((?:<([^<>\n]+)>|([^()\s<>]+(?:\([^()\s]*\)[^()\s]*)?))(?=[\s)])/g
const REFERENCE = /^( {0,3}\[[^\]]+\]: +)<?([^\s<>]+)>?/gm
const AT_HOME = new RegExp(`^${HOME}/(?:blob|tree)/main/`)
const PICTURE = /^https:\/\/raw\.githubusercontent\.com\/tessera-tokens\/tessera\/main\//
const ELSEWHERE = /^(?:[a-z][a-z+.-]*:|\/|#)/i

/**
 * The text of a document with its links as a page needs them: to pages of the site where there are some, and else to the
 * files where they are published. Pictures of `docs/pictures` are those of the site.
 *
 * @param {string} markdown
 * @param {string} document its path in the repository
 * @param {ReadonlyMap<string, string>} pages the page of each document
 */
export function withPageLinks(markdown, document, pages) {
  const lead = (/** @type {string} */ target) => pageLink(target, document, pages)
  return outsideCode(markdown, (text) =>
    text
      .replaceAll(LINK, (_, /** @type {string | undefined} */ pointed, /** @type {string} */ plain) => {
        const link = lead(pointed ?? plain)
        return pointed === undefined ? `](${link}` : `](<${link}>`
      })
      .replaceAll(REFERENCE, (_, /** @type {string} */ start, /** @type {string} */ target) => start + lead(target)),
  )
}

/**
 * @param {string} target
 * @param {string} document
 * @param {ReadonlyMap<string, string>} pages
 */
function pageLink(target, document, pages) {
  const isPublished = AT_HOME.test(target) || PICTURE.test(target)
  if (!isPublished && ELSEWHERE.test(target)) return target
  const [path = '', anchor] = target.replace(AT_HOME, '').replace(PICTURE, '').split('#')
  const file = isPublished ? path : posix.normalize(posix.join(posix.dirname(document), path))
  const hash = anchor === undefined ? '' : `#${anchor}`
  const page = pages.get(file) ?? pages.get(posix.join(file, 'README.md'))
  if (page !== undefined) return urlOf(page) + hash
  if (file.startsWith('docs/pictures/')) return file.replace('docs', '')
  if (!existsSync(posix.join(root, decodeURIComponent(file)))) throw new Error(`${document}: there is no ${target}`)
  return `${HOME}/blob/main/${encodeURI(decodeURI(file))}${hash}`
}

/**
 * The address of a page on the site.
 *
 * @param {string} page
 */
export function urlOf(page) {
  return `/${page.replace(/(?:^|(?<=\/))index\.md$/, '').replace(/\.md$/, '.html')}`
}

/**
 * @param {string} markdown
 * @param {(text: string) => string} change
 */
function outsideCode(markdown, change) {
  return around(markdown, FENCED, (prose) => around(prose, CODE, change))
}

/**
 * Changes what lies around each match.
 *
 * @param {string} text
 * @param {RegExp} pattern
 * @param {(text: string) => string} change
 */
function around(text, pattern, change) {
  let end = 0
  let result = ''
  for (const match of text.matchAll(pattern)) {
    result += change(text.slice(end, match.index)) + match[0]
    end = match.index + match[0].length
  }
  return result + change(text.slice(end))
}
