import type { Answer } from './answer.ts'

/** Every byte of an answer but the date, which alone may differ between answers that are to be the same. */
export function undated({ raw }: Answer): string {
  return raw.replace(/\r\nDate: [^\r]*/, '')
}
