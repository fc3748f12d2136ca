import { describe, expect, it } from 'vitest'
import { chaptersFor } from '../../src/chapters/chapters-for.ts'
import { NAIVE_FEED } from '../../src/model/naive-store/changes.ts'
import { naiveStore } from '../../src/model/naive-store/naive-store.ts'
import { leasing } from '../leases/leasing.ts'
import { EXPLANATIONS, PROVED_ELSEWHERE } from './without-case.ts'
import { sentencesIn, sentencesOfContract } from './sentences.ts'

const sentences = sentencesOfContract()
const create = () => naiveStore()
const leases = { create: () => leasing().create(0) }
const chapters = [...chaptersFor({ create, changeFeed: NAIVE_FEED, leases }), ...chaptersFor({ create })]
const quotes = [...new Set(chapters.flatMap(({ proves }) => proves))]
const withoutCase = [...EXPLANATIONS, ...PROVED_ELSEWHERE.keys()]

const sentencesWith = (phrase: string) => sentences.filter((sentence) => sentence.includes(phrase))

describe('a phrase of the contract', () => {
  it.each([...quotes, ...withoutCase])('stands in one sentence of it: %s', (phrase) => {
    expect(sentencesWith(phrase)).toHaveLength(1)
  })
})

describe('the contract', () => {
  it('has no sentence without a case, but for explanations and what is proved elsewhere', () => {
    const known = new Set([...quotes, ...withoutCase].flatMap(sentencesWith))
    expect(
      sentences.filter((sentence) => !known.has(sentence)),
      'quote it in the chapter that proves it, or add it to without-case.ts',
    ).toEqual([])
  })

  it('has no sentence with a case among those without', () => {
    const proved = new Set(quotes.flatMap(sentencesWith))
    expect(withoutCase.filter((phrase) => sentencesWith(phrase).some((sentence) => proved.has(sentence)))).toEqual([])
  })

  it('is proved by every chapter', () => {
    expect(chapters.filter(({ proves }) => proves.length === 0).map(({ title }) => title)).toEqual([])
  })
})

describe('sentencesIn', () => {
  it('finds the sentences of each comment, over lines, paragraphs and tags', () => {
    const source = `
/**
 * Keeps tokens. It is called
 * by \`core\`, see {@link Tokens}
 *
 * @param shard The partition
 * @returns How many.
 */
// No comment. Of the contract.
/** Links stay. */`
    expect(sentencesIn(source)).toEqual([
      'Keeps tokens.',
      'It is called by `core`, see {@link Tokens}',
      'shard The partition',
      'How many.',
      'Links stay.',
    ])
  })
})
