import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documents } from '../support/readmes/readmes.ts'
import { root } from '../support/run-process.ts'
import { docstringsIn, proseIn, readingOf, shareOf, sumOf, worstOf } from './plain-words.ts'
import type { Passage } from './plain-words.ts'

/** Relative words per 100: half of what the docstrings had before. */
const BOUND = 2.5
/** Sentences over 25 words, per 100. */
const LONG = 4

const packages = readdirSync(join(root, 'packages'))

function docstringsOf(name: string): readonly Passage[] {
  const folder = `packages/${name}/src`
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => docstringsIn(readFileSync(join(root, folder, file), 'utf8'), `${folder}/${file}`))
}

function expectPlain(passages: readonly Passage[], what: string): void {
  const reading = sumOf(passages.map(({ text }) => readingOf(text)))
  const share = shareOf(reading)
  const long = (100 * reading.long) / Math.max(1, reading.sentences)
  const line = `${what}: ${share.toFixed(2)} relative words per 100, ${long.toFixed(1)} long sentences per 100`
  if (process.env.TESSERA_WORDS !== undefined) console.log(line)
  expect(share, `${line}. The worst:\n${worstOf(passages, BOUND)}`).toBeLessThanOrEqual(BOUND)
  expect(reading.words < 200 ? 0 : long, line).toBeLessThanOrEqual(LONG)
}

const PROSE = documents().filter((file) => !/(?:^|\/)CHANGELOG\.md$|^test\//.test(file))

describe('the docstrings', () => {
  it.each(packages)('of packages/%s are in plain words', (name) => {
    expectPlain(docstringsOf(name), name)
  })

  it('of all packages are in plain words', () => {
    const all = packages.flatMap(docstringsOf)
    expect(all.length).toBeGreaterThan(500)
    if (process.env.TESSERA_WORDS !== undefined) console.log(worstOf(all, BOUND))
    expectPlain(all, 'all packages')
  })
})

describe('the prose', () => {
  it.each(PROSE)('of %s is in plain words', (file) => {
    expectPlain(proseIn(readFileSync(join(root, file), 'utf8'), file), file)
  })
})

describe('readingOf', () => {
  it('counts relative words and long sentences', () => {
    expect(readingOf('What is decided holds. It says who.')).toEqual({ words: 7, relatives: 2, sentences: 2, long: 0 })
    expect(readingOf(`${'word '.repeat(26)}.`)).toMatchObject({ sentences: 1, long: 1 })
  })

  it('counts no code and no link', () => {
    expect(readingOf('Reads `that which` at https://example.com/that and [this](that.md).').relatives).toBe(0)
  })
})

describe('docstringsIn', () => {
  it('finds docstrings with their lines, and leaves examples and tags out', () => {
    const source = 'const a = 1\n/**\n * One.\n *\n * @param that The other.\n * @example which()\n */\n// who\n'
    const [only, ...more] = docstringsIn(source, 'a.ts')
    expect(more).toEqual([])
    expect(only?.place).toBe('a.ts:2')
    expect(readingOf(only?.text ?? '')).toEqual({ words: 3, relatives: 0, sentences: 2, long: 0 })
  })
})
