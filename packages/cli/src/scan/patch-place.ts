/** The place of a line in the output of `git log -p`: its commit and its file. */
export interface PatchPlace {
  /** Learns from the next line. */
  read(line: string): void
  /** Empty outside of such an output. */
  readonly text: string
}

const COLOURS = /\p{Cc}\[[\d;]*[mK]/gu
const COMMIT = /^commit ([0-9a-f]{7,64})/
const FILE = /^(?:---|\+\+\+) (?:[ab]\/)?(.+?)\t?$/
const LONGEST = 4_096

export function patchPlace(): PatchPlace {
  let commit = ''
  let file = ''
  return {
    read(line) {
      if (!/^(?:\p{Cc}\[|commit |---|\+\+\+)/u.test(line) || line.length > LONGEST) return
      const plain = line.replace(COLOURS, '')
      const [, hash] = COMMIT.exec(plain) ?? []
      if (hash !== undefined) [commit, file] = [hash.slice(0, 12), '']
      const [, named = '/dev/null'] = (commit === '' ? null : FILE.exec(plain)) ?? []
      // A removed file is named by the line before.
      if (named !== '/dev/null') file = named
    },
    get text() {
      return `${commit} ${file}`.trim()
    },
  }
}
