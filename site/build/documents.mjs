import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

/** Documents with a page of their own place: the file in the repository, and its page. */
const PLACED = new Map([
  ['README.md', 'overview.md'],
  ['SECURITY.md', 'security.md'],
  ['CONTRIBUTING.md', 'contributing.md'],
  ['CHANGELOG.md', 'changelog.md'],
  ['docs/README.md', 'guide/index.md'],
  ['test/bench/README.md', 'benchmarks.md'],
])

/**
 * The documents that have a page, by their paths in the repository: what is written for users, not what explains a folder
 * of sources.
 *
 * @returns {ReadonlyMap<string, string>} the page of each document, below the folder of pages
 */
export function pagesOfDocuments() {
  const docs = filesIn('docs').map((file) => [`docs/${file}`, `guide/${file}`])
  const others = ['packages', 'examples'].flatMap((parent) =>
    readdirSync(join(root, parent)).flatMap((name) => [
      ...(existsSync(join(root, parent, name, 'README.md'))
        ? [[`${parent}/${name}/README.md`, `${parent}/${name}/index.md`]]
        : []),
      ...filesIn(`${parent}/${name}/docs`).map((file) => [
        `${parent}/${name}/docs/${file}`,
        `${parent}/${name}/${file}`,
      ]),
    ]),
  )
  return new Map(/** @type {[string, string][]} */ ([...docs, ...others, ...PLACED]))
}

/** @param {string} document */
export function readDocument(document) {
  return readFileSync(join(root, document), 'utf8')
}

/** @param {string} folder */
function filesIn(folder) {
  const path = join(root, folder)
  return existsSync(path) ? readdirSync(path).filter((file) => file.endsWith('.md')) : []
}
