import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../support/run-process.ts'
import { HOME, anchorsIn, linksIn } from './links.ts'
import { filesBelow } from './sources.ts'

const documents = filesBelow('.').filter((file) => file.endsWith('.md'))

/** Why a link leads nowhere. */
function brokenLinks(document: string): string[] {
  return linksIn(readFileSync(join(root, document), 'utf8')).flatMap(({ line, path, anchor }) => {
    const file = path === '' ? join(root, document) : join(root, path.startsWith('/') ? '' : dirname(document), path)
    if (!existsSync(file)) return [`${document}:${line}: there is no ${path}`]
    if (anchor === null || statSync(file).isDirectory() || !file.endsWith('.md')) return []
    return anchorsIn(readFileSync(file, 'utf8')).has(anchor)
      ? []
      : [`${document}:${line}: ${path}#${anchor} is no heading`]
  })
}

describe('linksIn', () => {
  it('finds links to files and headings, by their lines', () => {
    const markdown = [
      '[one](a.md) and [two](../b/c.ts#L12), [three](#here)',
      '![a picture](picture.svg "Title")',
      '[by name]: ./d.md#part',
    ].join('\n')
    expect(linksIn(markdown)).toEqual([
      { line: 1, path: 'a.md', anchor: null },
      { line: 1, path: '../b/c.ts', anchor: 'L12' },
      { line: 1, path: '', anchor: 'here' },
      { line: 2, path: 'picture.svg', anchor: null },
      { line: 3, path: './d.md', anchor: 'part' },
    ])
  })

  it('finds links to the files where they are published', () => {
    expect(linksIn(`[a](${HOME}/blob/main/docs/a.md#b) and [its issues](${HOME}/issues)`)).toEqual([
      { line: 1, path: '/docs/a.md', anchor: 'b' },
    ])
  })

  it('passes over servers, code and code blocks', () => {
    const fence = '```'
    const markdown = ['[a](https://acme.test/b) `[c](d.md)` [e](mailto:f@acme.test)', fence, '[g](h.md)', fence]
    expect(linksIn(markdown.join('\n'))).toEqual([])
  })
})

describe('anchorsIn', () => {
  it('names headings as GitHub does', () => {
    const markdown =
      '# Options of `createTokens(options)`\n## Why, and when?\n## Why, and when?\n```\n# no heading\n```'
    const names = ['options-of-createtokensoptions', 'why-and-when', 'why-and-when-1']
    expect([...anchorsIn(markdown)]).toEqual(names)
  })
})

describe.each(documents)('%s', (document) => {
  it('links to files and headings that are there', () => {
    expect(brokenLinks(document)).toEqual([])
  })
})
