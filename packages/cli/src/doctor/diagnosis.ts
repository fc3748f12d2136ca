import { inTime } from '../terminal/deadline.ts'
import { lineOf } from '../terminal/line-of.ts'

/** The result of one check. */
export interface Diagnosis {
  readonly check: string
  readonly ok: boolean
  /** For people: the finding, and the right value. */
  readonly detail: string
}

const OFTEN_MS = 5_000

/** Makes a check. One without an answer in time has failed, and so has one with an error. */
export async function diagnose(check: string, look: () => Promise<Omit<Diagnosis, 'check'>>): Promise<Diagnosis> {
  const late = () => new Error(`no answer within ${OFTEN_MS / 1_000} s`)
  try {
    return { check, ...(await inTime(look(), OFTEN_MS, late)) }
  } catch (error) {
    return { check, ok: false, detail: lineOf(error) }
  }
}
