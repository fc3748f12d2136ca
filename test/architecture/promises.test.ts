import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../support/run-process.ts'
import { linksIn } from './links.ts'
import { bulletsOf, hasTest, isProven, proofsIn } from './promises.ts'

const security = readFileSync(join(root, 'SECURITY.md'), 'utf8')

describe('proofsIn', () => {
  it('finds the links that name a test', () => {
    const markdown = '- a ([test](a.test.ts "does a"), [b](b.ts))\n- c [test](c/d.ts "does c, or d")'
    expect(proofsIn(markdown)).toEqual([
      { line: 1, path: 'a.test.ts', test: 'does a' },
      { line: 2, path: 'c/d.ts', test: 'does c, or d' },
    ])
  })
})

describe('bulletsOf', () => {
  it('gives the bullets of a section, each as one line', () => {
    const markdown = '# T\n- no\n## A\ntext\n### B\n- one\n  more\n\n- two\n\ntext\n## C\n- no'
    expect(bulletsOf(markdown, 'A')).toEqual(['one more', 'two'])
    expect(bulletsOf(markdown, 'D')).toEqual([])
  })
})

describe('isProven', () => {
  it('wants one sentence, and a link to its test', () => {
    expect(isProven('does a ([test](a.ts "does a")).')).toBe(true)
    expect(isProven('does a ([test](a.ts)).')).toBe(false)
    expect(isProven('does a. It does b ([test](a.ts "does a")).')).toBe(false)
  })
})

describe('hasTest', () => {
  it('finds a test by its name', () => {
    for (const source of ["it('does a', () => {", 'it.each([1])(\n  "does a",', 'it(`does a (${RUNS} runs)`, () => {'])
      expect(hasTest(source, 'does a')).toBe(true)
    for (const source of ["it('does ab', () => {", "// 'does a'", "it('it does a', () => {"])
      expect(hasTest(source, 'does a')).toBe(false)
  })
})

describe('SECURITY.md', () => {
  it('has a model of threats, with what each can do and cannot', () => {
    const who = ['A thief with a token', 'A thief with a dump of the store', 'One tenant against another']
    for (const heading of [...who, 'An operator', 'A man on the wire'])
      expect(security).toMatch(new RegExp(`^### ${heading}\n\nCan:\n\n- [^]+?\n\nCannot:\n\n- `, 'm'))
  })

  it.each(bulletsOf(security, 'Threat model'))('links one sentence to its test: %s', (bullet) => {
    expect(bullet).toSatisfy(isProven)
  })

  it('names the test in each link to a file of tests', () => {
    const links = linksIn(security).filter(({ path }) => path.endsWith('.test.ts'))
    const named = proofsIn(security).map(({ line, path }) => `${line}: ${path}`)
    expect(links.map(({ line, path }) => `${line}: ${path}`).filter((link) => !named.includes(link))).toEqual([])
  })

  it.each(proofsIn(security))('names a test that there is, in line $line: $test', ({ path, test }) => {
    const file = join(root, path)
    expect(existsSync(file), path).toBe(true)
    expect(readFileSync(file, 'utf8')).toSatisfy((source: string) => hasTest(source, test))
  })
})
