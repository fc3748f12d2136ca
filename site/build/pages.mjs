import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { dialectsPage } from './dialects-page.mjs'
import { readDocument } from './documents.mjs'
import { homePage } from './home-page.mjs'
import { withPageLinks } from './links.mjs'
import { problemPages } from './problems/pages.mjs'
import { quickstartOverview, quickstartPage, quickstarts } from './quickstarts.mjs'
import { root } from './root.mjs'

/**
 * All pages but the reference, from the documents of the repository, the examples and the tables of errors.
 *
 * @param {ReadonlyMap<string, string>} places the page of each document
 * @returns {Promise<ReadonlyMap<string, string>>} the Markdown of each page
 */
export async function allPages(places) {
  const withLinks = (/** @type {string} */ text, /** @type {string} */ from) => withPageLinks(text, from, places)
  const pages = new Map(await problemPages())
  for (const [document, page] of places) {
    const text = readDocument(document)
    const own = document === 'docs/dialects.md' ? await dialectsPage(text) : text
    pages.set(page, withLinks(own, document))
  }
  for (const each of quickstarts) pages.set(each.page, quickstartPage(each, withLinks))
  return pages.set('start/index.md', quickstartOverview()).set('index.md', homePage(withLinks))
}

/**
 * Writes the pages with their pictures.
 *
 * @param {ReadonlyMap<string, string>} pages
 * @param {string} folder
 */
export function writePages(pages, folder) {
  rmSync(folder, { recursive: true, force: true })
  for (const [page, text] of pages) {
    const file = join(folder, page)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  cpSync(join(root, 'docs/pictures'), join(folder, 'public/pictures'), { recursive: true })
  cpSync(join(root, 'site/public'), join(folder, 'public'), { recursive: true })
}
