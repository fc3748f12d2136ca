import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readDocument } from './documents.mjs'
import { codeGroup, opening, section } from './markdown.mjs'
import { root } from './root.mjs'

/**
 * A way to mount Tessera. Its page begins with the first screen of the package, and shows an example as a whole.
 *
 * @typedef {object} Quickstart
 * @property {string} name
 * @property {string} page
 * @property {string} package whose README begins the page, by its folder
 * @property {readonly string[]} sections of that README which follow
 * @property {string | null} example by its folder
 * @property {readonly string[]} files of the example
 */

/** @type {readonly Quickstart[]} */
export const quickstarts = [
  quickstart('Express', 'express', 'express', 'minimal', ['server.js']),
  quickstart('Fastify', 'fastify', 'fastify', null, []),
  quickstart('Next.js', 'next', 'fetch', 'next', [
    'app/tokens.js',
    'app/api/tokens/[[...path]]/route.js',
    'app/api/jobs/route.js',
  ]),
  quickstart('Hono', 'hono', 'fetch', 'hono', ['server.js']),
  quickstart('Koa', 'koa', 'http', 'koa', ['server.js', 'tessera.js']),
  quickstart('NestJS', 'nest', 'express', 'nest', ['src/tessera.ts', 'src/app.module.ts', 'src/main.ts']),
  { ...quickstart('Bun and Deno', 'bun-deno', 'fetch', null, []), sections: ['Mount it'] },
  quickstart('Cloudflare Workers', 'workers', 'fetch', 'workers', ['worker.js', 'wrangler.json']),
  quickstart('AWS Lambda', 'lambda', 'fetch', 'lambda', ['handler.js']),
  quickstart('No framework', 'node', 'http', null, []),
]

/**
 * @param {string} name
 * @param {string} page
 * @param {string} from
 * @param {string | null} example
 * @param {readonly string[]} files
 * @returns {Quickstart}
 */
function quickstart(name, page, from, example, files) {
  return { name, page: `start/${page}.md`, package: from, sections: [], example, files }
}

/**
 * @param {Quickstart} quickstart
 * @param {(markdown: string, document: string) => string} withLinks
 */
export function quickstartPage({ name, package: from, sections, example, files }, withLinks) {
  const readme = `packages/${from}/README.md`
  const include = (/** @type {string} */ text) => withLinks(text, readme)
  const parts = [`# Start with ${name}`]
  if (example === null) {
    const text = readDocument(readme)
    parts.push(include(opening(text)), ...sections.map((heading) => include(section(text, heading))))
  } else {
    parts.push(...exampleParts(example, files, withLinks), `## \`@tessera/${from}\`, in short`)
    parts.push(include(opening(readDocument(readme))))
  }
  parts.push(goOn(from, example))
  return `${parts.map((part) => part.trim()).join('\n\n')}\n`
}

/**
 * @param {string} example
 * @param {readonly string[]} files
 * @param {(markdown: string, document: string) => string} withLinks
 */
function exampleParts(example, files, withLinks) {
  const document = `examples/${example}/README.md`
  const text = readDocument(document)
  const tabs = files.map((title) => {
    const source = readFileSync(join(root, 'examples', example, title), 'utf8').trimEnd()
    return { title, block: `\`\`\`${title.split('.').at(-1)}\n${source}\n\`\`\`` }
  })
  const manifest = JSON.parse(readFileSync(join(root, 'examples', example, 'package.json'), 'utf8'))
  const install = `\`\`\`sh\nnpm install ${Object.keys(manifest.dependencies).join(' ')}\n\`\`\``
  const run = withLinks(section(text, 'Run it'), document)
  return [withLinks(opening(text), document), install, '## The whole app', codeGroup(tabs), run]
}

/**
 * @param {string} from
 * @param {string | null} example
 */
function goOn(from, example) {
  const links = [
    ...(example === null ? [] : [`[More of this example](/examples/${example}/)`]),
    `[Everything in \`@tessera/${from}\`](/packages/${from}/)`,
    '[Which store](/guide/stores.html)',
    '[The verbs](/guide/verbs.html)',
    '[A page for your users](/packages/token-page/)',
    '[Before you mount the routers](/security.html#before-you-mount-the-routers)',
  ]
  return `## Go on\n\n${links.map((link) => `- ${link}`).join('\n')}`
}

export function quickstartOverview() {
  const rows = quickstarts.map(({ name, page, package: from }) => {
    return `| [${name}](/${page.replace(/\.md$/, '.html')}) | [\`@tessera/${from}\`](/packages/${from}/) |`
  })
  return `# Start with your framework

Each page has an app that runs: what to install, all of its code, and the requests to try. The code is that of the examples,
which the tests run.

| framework | package |
| --- | --- |
${rows.join('\n')}

Another one takes forty lines over [\`@tessera/http\`](/packages/http/): see [Koa](/start/koa.html), and the tests that
[every adapter passes](/packages/adapter-conformance/).
`
}
