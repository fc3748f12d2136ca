const UNSTORABLE = /[\0\p{Surrogate}]/u

/** Whether a column of a database can have this text: NUL and a lone surrogate are refused there, cut off or replaced. */
export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text)
}

/** @throws Error without the text, which the error of `JSON.parse` quotes */
export function parseStored(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('a row of the database is damaged: its text is not JSON')
  }
}
