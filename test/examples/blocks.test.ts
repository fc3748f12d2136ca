import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { pagesOfDocuments } from '../../site/build/documents.mjs'
import { hasPostgres, startPostgres } from '../postgres/index.ts'
import { fencedBlocks } from '../support/readmes/markdown.ts'
import { readmeBlocks } from '../support/readmes/readmes.ts'
import { root } from '../support/run-process.ts'

const blocks = [...pagesOfDocuments().keys()].flatMap((document) =>
  fencedBlocks(readFileSync(join(root, document), 'utf8')).map((block) => ({ ...block, document })),
)
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

/** The sources that a block repeats, by how it begins. Comments are left out. */
const SOURCES: Readonly<Record<string, string>> = {
  'export interface Dialect {': 'packages/http/src/dialects/dialect.ts',
  "import { testTokenStore } from '@tessera/store-conformance'": 'packages/memory-store/src/memory-store.test.ts',
}

/** No code: drawings, differences and sessions, whose commands have a test of their own. */
const TOLD = new Set(['', 'text', 'diff', 'console', 'http'])
const JEST = 'docs/tools.md'
/** The one by the tests of its package, the other below. */
const SQL = new Set(['packages/postgres-store/docs/operations.md', 'packages/store-conformance/README.md'])
const SHOWN = 'packages/store-conformance/README.md'

const programs = readmeBlocks('ts', 'js').map(({ readme, line }) => `${readme}:${line}`)

/** Whether a source has the last statement of a block, which is all that follows its imports. */
function repeats(code: string, file: string): boolean {
  const [, statement = code] = code.split('\n\n')
  return read(file)
    .replaceAll(/^ *\/\*\*[^]*?\*\/\n/gm, '')
    .includes(statement)
}

/** Why no test would see a fault of the block; `null` if one would. */
function unseen({ document, line, language, code }: (typeof blocks)[number]): string | null {
  const at = `${document}:${line}`
  const [first = ''] = code.split('\n')
  if (TOLD.has(language)) return null
  if (language === 'json') return isJson(code) ? null : `${at} is no JSON`
  if (language === 'sh') return null
  if (programs.includes(at)) return null
  const source = SOURCES[first]
  if (source !== undefined) return repeats(code, source) ? null : `${at} is not as ${source}`
  if (document === JEST && /^[cm]js$/.test(language)) return null
  if (language === 'sql' && SQL.has(document)) return null
  if (language === 'typescript' && document === SHOWN) return null
  return `${at} is ${language}, and no test runs it`
}

function isJson(code: string): boolean {
  try {
    JSON.parse(code)
    return true
  } catch {
    return false
  }
}

describe('a block of code in a page', () => {
  it('is run, or held to a source', () => {
    expect(blocks.length).toBeGreaterThan(150)
    expect(blocks.map(unseen).filter((fault) => fault !== null)).toEqual([])
  })

  it.runIf(hasPostgres)('is what PostgreSQL understands, if it is for authors of a store', async () => {
    await using server = await startPostgres()
    const client = new Client(server.url)
    await client.connect()
    for (const { code } of blocks.filter(({ language, document }) => language === 'sql' && document === SHOWN)) {
      await expect(client.query(code)).resolves.toBeDefined()
    }
    await client.end()
  })

  it('is what a shell understands, if it is for one', () => {
    const scripts = blocks.filter(({ language }) => language === 'sh')
    const script = scripts.map(({ code }, place) => `block${place}() {\n${code}\n}`).join('\n')
    const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })
})
