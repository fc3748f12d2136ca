import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, posix } from 'node:path'

const TARGET = /\s(?:href|src)="([^"]*)"/g
const ID = /\s(?:id|name)="([^"]*)"/g

/**
 * The links and anchors of a built site that lead nowhere, each with its page. Addresses of other sites must only be
 * well-formed.
 *
 * @param {string} folder
 * @param {string} [base] the path at which it is served
 */
export function brokenLinks(folder, base = '/') {
  const pages = new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.html'))
      .map((file) => [file.replaceAll('\\', '/'), readFileSync(join(folder, file), 'utf8')]),
  )
  /** @type {Map<string, Set<string>>} */
  const anchors = new Map()

  /** @param {string} page */
  function anchorsOf(page) {
    const known = anchors.get(page)
    if (known !== undefined) return known
    const found = new Set([...(pages.get(page) ?? '').matchAll(ID)].map(([, id = '']) => unescape(id)))
    anchors.set(page, found)
    return found
  }

  /**
   * @param {string} target
   * @param {string} page
   */
  function isBroken(target, page) {
    if (/^(?:https?:|mailto:|data:)/.test(target)) return !URL.canParse(target)
    const [path = '', anchor = ''] = target.split('#')
    const from = path.startsWith('/') ? path.replace(base, '/') : posix.join('/', posix.dirname(page), path)
    const file = path === '' ? page : fileOf(posix.normalize(from).slice(1))
    if (!pages.has(file)) return !existsSync(join(folder, file))
    return anchor !== '' && !anchorsOf(file).has(decodeURIComponent(anchor))
  }

  return [...pages].flatMap(([page, html]) => {
    const targets = new Set([...html.matchAll(TARGET)].map(([, target = '']) => unescape(target)))
    return [...targets].filter((target) => isBroken(target, page)).map((target) => `${page}: ${target}`)
  })
}

/** @param {string} path */
function fileOf(path) {
  return decodeURIComponent(path === '' || path.endsWith('/') ? `${path}index.html` : path)
}

/** @param {string} text */
function unescape(text) {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&')
}
