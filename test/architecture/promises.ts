/** A link to the test of a promise: its title is the name of the test, or how that name begins. */
export interface Proof {
  readonly line: number
  /** Relative to the document. */
  readonly path: string
  readonly test: string
}

const PROOF = /\]\(([^()\s]+) "([^"]+)"\)/g
const HEADING = /^#{1,2} /
const BULLET = /^- /
const SENTENCES = /[.!?](?= [A-Z])/

/** Every link of the document with a title. */
export function proofsIn(markdown: string): readonly Proof[] {
  return markdown
    .split('\n')
    .flatMap((text, index) =>
      [...text.matchAll(PROOF)].map(([, path = '', test = '']) => ({ line: index + 1, path, test })),
    )
}

/** The bullets of a section with all their lines, and what stands below its deeper headings. */
export function bulletsOf(markdown: string, section: string): readonly string[] {
  const lines = markdown.split('\n')
  const start = lines.indexOf(`## ${section}`)
  const length = lines.slice(start + 1).findIndex((line) => HEADING.test(line))
  const within = start === -1 ? [] : lines.slice(start + 1, length === -1 ? undefined : start + 1 + length)
  const bullets: string[] = []
  for (const line of within) {
    if (BULLET.test(line)) bullets.push(line.slice('- '.length))
    else if (line.startsWith('  ') && bullets.length > 0) bullets.push(`${bullets.pop()} ${line.trim()}`)
  }
  return bullets
}

/** A promise is one sentence, with a link to its test. */
export function isProven(bullet: string): boolean {
  return proofsIn(bullet).length > 0 && !SENTENCES.test(bullet.replaceAll(PROOF, ']'))
}

/** Whether a test of this name, or of one that begins so before a number of runs, is in the source. */
export function hasTest(source: string, name: string): boolean {
  const escaped = name.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
  return new RegExp(String.raw`\(\s*(['"\x60])${escaped}(?:\1| \(\$\{)`).test(source)
}
