import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vitepress'
import { brokenLinks } from './build/broken-links.mjs'
import { pagesOfDocuments } from './build/documents.mjs'
import { allPages, writePages } from './build/pages.mjs'
import { writeReference } from './reference.mjs'
import { root } from './build/root.mjs'
import { serve } from './build/serve.mjs'
import { sidebar } from './build/sidebar.mjs'

const site = join(root, 'site')
const folder = join(site, 'dist/pages')
const html = join(site, 'dist/html')

const places = pagesOfDocuments()
writePages(await allPages(places), folder)
await writeReference(join(folder, 'reference'))
const packages = readdirSync(join(root, 'packages'))
writeFileSync(join(site, 'dist/sidebar.json'), JSON.stringify(sidebar(places, packages)))

// VitePress writes its warnings to stderr, and goes on.
let warnings = 0
process.stderr.write = new Proxy(process.stderr.write, {
  apply(write, stream, words) {
    if (/warn|\(!\)/i.test(String(words[0]))) warnings += 1
    return Reflect.apply(write, stream, words)
  },
})
await build(site)
if (warnings > 0) throw new Error(`the site was built with ${warnings} warnings; they stand above`)

const broken = brokenLinks(html)
if (broken.length > 0)
  throw new Error(`${broken.length} links of the site lead nowhere:\n${broken.slice(0, 50).join('\n')}`)

if (process.argv.includes('--serve')) {
  const { url } = await serve(html, Number(process.env['PORT'] ?? 4173))
  process.stdout.write(`the site is on ${url}\n`)
}
