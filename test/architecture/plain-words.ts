/** How a text reads: words, relative words and long sentences. */
export interface Reading {
  readonly words: number
  readonly relatives: number
  readonly sentences: number
  readonly long: number
}

/** A text, and its place: a file and a line. */
export interface Passage {
  readonly place: string
  readonly text: string
}

const RELATIVES = new Set(['that', 'which', 'who', 'whose', 'whom', 'what', 'where', 'when'])
const LONG_SENTENCE = 25

/** The docstrings of a TypeScript file, without examples, tags, types and code. */
export function docstringsIn(source: string, file: string): readonly Passage[] {
  return [...source.matchAll(/\/\*\*([\s\S]*?)\*\//g)].map(({ index, 1: body = '' }) => ({
    place: `${file}:${source.slice(0, index).split('\n').length}`,
    text: body
      .replaceAll(/^\s*\*? ?/gm, '')
      .replaceAll(/@example[\s\S]*?(?=\n@|$)/g, '')
      .replaceAll(/@param \S+/g, '\n\n')
      .replaceAll(/@(?:returns|throws|see|template \S+)/g, '\n\n'),
  }))
}

/** The prose of a Markdown file, by paragraph, list item and table cell. Code blocks are left out. */
export function proseIn(markdown: string, file: string): readonly Passage[] {
  const blank = (code: string): string => code.replaceAll(/[^\n]/g, '')
  const prose = markdown.replaceAll(/^( *)```[\s\S]*?^\1```/gm, blank)
  return [...prose.matchAll(/(?:^(?!\s*$).*\n?)+/gm)].map(({ index, 0: text }) => ({
    place: `${file}:${prose.slice(0, index).split('\n').length}`,
    text: text.replaceAll(/^\s*(?:[-*]|\d+\.) /gm, '\n\n').replaceAll(/ \| |^\| | \|$/gm, '\n\n'),
  }))
}

export function readingOf(text: string): Reading {
  const plain = text
    .replaceAll(/\{@link (\S+?)\}/g, '$1')
    .replaceAll(/`[^`]*`/g, 'code')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/https?:\S+/g, 'link')
  const sentences = plain
    .split(/(?<=[.!?:;])\s+|\n\s*\n/)
    .map((sentence) => sentence.match(/[A-Za-z0-9][\w'’-]*/g) ?? [])
    .filter((words) => words.length > 0)
  const words = sentences.flat()
  return {
    words: words.length,
    relatives: words.filter((word) => RELATIVES.has(word.toLowerCase())).length,
    sentences: sentences.length,
    long: sentences.filter(({ length }) => length > LONG_SENTENCE).length,
  }
}

export function sumOf(readings: readonly Reading[]): Reading {
  const sum = (of: keyof Reading): number => readings.reduce((total, reading) => total + reading[of], 0)
  return { words: sum('words'), relatives: sum('relatives'), sentences: sum('sentences'), long: sum('long') }
}

/** Relative words per 100. */
export function shareOf({ words, relatives }: Reading): number {
  return words === 0 ? 0 : (100 * relatives) / words
}

/** The passages with the most relative words beyond the bound, one a line. */
export function worstOf(passages: readonly Passage[], bound: number, count = 10): string {
  const excess = ({ text }: Passage): number => {
    const { relatives, words } = readingOf(text)
    return relatives - (bound * words) / 100
  }
  const worst = passages.toSorted((a, b) => excess(b) - excess(a)).slice(0, count)
  return worst.map(({ place, text }) => `${place}  ${text.replaceAll(/\s+/g, ' ').trim().slice(0, 160)}`).join('\n')
}
