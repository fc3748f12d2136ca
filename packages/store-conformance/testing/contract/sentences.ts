import { readFileSync } from 'node:fs'

const CORE = new URL('../../../core/src/', import.meta.url)
/** The files whose documentation binds a store. */
const SOURCES = [
  'store/store.ts',
  'store/retention.ts',
  'store/filters.ts',
  'store/query.ts',
  'steps/decision/decision.ts',
]
const COMMENT = /\/\*\*(.*?)\*\//gs
const TAG = /@(?:param|returns|throws)/g
const END_OF_SENTENCE = /(?<=\.)\s+/

/** The sentences of the contract's documentation, each in one line. */
export function sentencesOfContract(): readonly string[] {
  return SOURCES.flatMap((name) => sentencesIn(readFileSync(new URL(name, CORE), 'utf8')))
}

export function sentencesIn(source: string): readonly string[] {
  return [...source.matchAll(COMMENT)].flatMap(([, comment = '']) => {
    const paragraphs = comment
      .replaceAll(/^\s*\* ?/gm, '')
      .replaceAll(TAG, '\n\n')
      .split('\n\n')
    return paragraphs.flatMap((text) => text.replaceAll(/\s+/g, ' ').trim().split(END_OF_SENTENCE)).filter(Boolean)
  })
}
