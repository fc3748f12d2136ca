import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { brokenLinks } from './broken-links.mjs'

const folder = mkdtempSync(join(tmpdir(), 'tessera-site-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('brokenLinks', () => {
  it('names links to pages, files and anchors that are not there, and malformed addresses', () => {
    mkdirSync(join(folder, 'a'))
    writeFileSync(join(folder, 'icon.svg'), '')
    writeFileSync(join(folder, 'a/index.html'), '<h1 id="here">A</h1><a href="../b.html#x">b</a><a href="#gone">c</a>')
    const good = '<a href="/a/">a</a><a href="./a/#here">a</a><img src="/icon.svg"><a href="https://acme.test">d</a>'
    const bad = '<a href="/c.html">c</a><a href="/a/#x">a</a><img src="/none.svg"><a href="https://a b">d</a>'
    writeFileSync(join(folder, 'b.html'), `${good}${bad}<p id="x">`)
    expect(brokenLinks(folder).sort()).toEqual([
      'a/index.html: #gone',
      'b.html: /a/#x',
      'b.html: /c.html',
      'b.html: /none.svg',
      'b.html: https://a b',
    ])
  })
})
