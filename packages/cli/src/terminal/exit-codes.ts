/** How a command ends. Scripts rely on these. */
export const exitCodes = {
  done: 0,
  /** The answer is no: refused, not found, against a rule, or a finding. */
  no: 1,
  /** The command line is wrong. Nothing was done. */
  usage: 2,
  /** The store did not answer, or did not confirm. */
  store: 3,
  /** A fault of the program. */
  fault: 70,
  /** Interrupted by the terminal. */
  interrupted: 130,
} as const

/** An end with a reason for people, in one line. */
export class Exit extends Error {
  override readonly name = 'Exit'
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/** The command line is wrong; the message says what would be right. */
export function usage(message: string): Exit {
  return new Exit(exitCodes.usage, message)
}

/** The answer is no. */
export function refuse(message: string): Exit {
  return new Exit(exitCodes.no, message)
}
