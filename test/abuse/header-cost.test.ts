import { createTokens, generateSecret, parseSecret, shardOf } from '@tessera/core'
import { readBearer } from '@tessera/http'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it } from 'vitest'

const LENGTH = 16 * 1024
const RUNS = 7
const MOST_MS = 5

const secret = generateSecret('ot_pat', shardOf('acme'))
const fill = (part: string, start = 'Bearer '): string => start.padEnd(LENGTH, part)

/** Values of 16 kB that a careless expression or loop would stumble over. */
const values: Readonly<Record<string, string>> = {
  'spaces only': fill(' '),
  'spaces before a secret': `${fill(' ').slice(0, -secret.length)}${secret}`,
  'spaces before something else': `${fill(' ').slice(0, -1)}\t`,
  tabs: fill('\t'),
  'spaces and tabs by turns': fill(' \t'),
  'schemes one after the other': fill('Bearer '),
  'no space at all': fill('Bearer', ''),
  commas: fill(', Bearer x'),
  underscores: fill('_'),
  'one letter': fill('a'),
  'what a prefix is made of': fill('a_'),
  'secrets one after the other': fill(secret),
  'secrets with separators': fill(`${secret} `),
  'a secret at the end': `${fill('0').slice(0, -secret.length)}${secret}`,
  'a long prefix before a right ending': `${fill('a').slice(0, -49)}_${secret.slice(-48)}`,
  equals: fill('='),
  quotes: fill('"\\'),
  dots: fill('eyJhbGciOiJub25lIn0.'),
  'bytes above ASCII': fill('\xff'),
  nulls: fill('\0'),
}

/** The quickest of several runs: noise of the machine can only make a run slower. */
async function quickestMs(work: () => unknown): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < RUNS; run += 1) {
    const startedAt = performance.now()
    await work()
    times.push(performance.now() - startedAt)
  }
  return Math.min(...times)
}

describe.each(Object.entries(values))('a header of 16 kB: %s', (_, value) => {
  const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat' })
  const verify = async (authorization: string[]) => {
    const reading = readBearer({ authorization })
    return reading.ok ? tokens.verify(reading.secret) : reading
  }

  it(`is refused within ${MOST_MS} ms`, async () => {
    expect(value.length).toBeGreaterThanOrEqual(LENGTH)
    expect(await verify([value])).toMatchObject({ ok: false })
    expect(await quickestMs(() => verify([value]))).toBeLessThan(MOST_MS)
  })

  it(`is no secret, which takes less than ${MOST_MS} ms to see`, async () => {
    expect(parseSecret(value)).toBeNull()
    expect(await quickestMs(() => parseSecret(value))).toBeLessThan(MOST_MS)
  })

  it(`among many others is refused within ${MOST_MS} ms`, async () => {
    const many = value.match(/.{1,64}/gs) ?? []
    expect(await verify(many)).toMatchObject({ ok: false, reason: 'several_credentials' })
    expect(await quickestMs(() => verify(many))).toBeLessThan(MOST_MS)
  })
})
