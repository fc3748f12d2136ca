import { LONGEST_SECRET, findSecrets } from '../find/find-secrets.ts'

/** Looks for secrets in a body that comes in pieces. */
export interface LeakDetector {
  /**
   * Takes the next piece.
   *
   * @returns The bytes to send on; the secret, if one is complete. No byte of it was sent then.
   */
  push(bytes: Uint8Array): Uint8Array | string
  /** Takes the bytes held back, at the end. */
  rest(): Uint8Array
}

const TAIL_LENGTH = 48
const TAIL = /^[0-9A-Za-z]*$/

/** Holds back only the beginning of a secret at the end of a piece: 80 bytes at most, and nothing after a line feed. */
export function leakDetector(prefixes: readonly string[]): LeakDetector {
  let held = ''
  return {
    push(bytes) {
      const text = held + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
      const [found] = findSecrets(text, prefixes)
      if (found !== undefined) return found.secret
      const cut = beginningIn(text, prefixes)
      held = text.slice(cut)
      return Buffer.from(text.slice(0, cut), 'latin1')
    },
    rest() {
      const bytes = Buffer.from(held, 'latin1')
      held = ''
      return bytes
    },
  }
}

/** Where a secret may begin that goes on after the text; its length if nowhere. */
function beginningIn(text: string, prefixes: readonly string[]): number {
  for (let start = Math.max(0, text.length - LONGEST_SECRET + 1); start < text.length; start += 1) {
    const end = text.slice(start)
    if (prefixes.some((prefix) => mayBecome(end, `${prefix}_`))) return start
  }
  return text.length
}

function mayBecome(text: string, start: string): boolean {
  if (text.length <= start.length) return start.startsWith(text)
  return text.startsWith(start) && text.length < start.length + TAIL_LENGTH && TAIL.test(text.slice(start.length))
}
