/** One statement for a driver. */
export interface Sent {
  /** `null` for an unprepared statement. */
  readonly name: string | null
  readonly text: string
  readonly values: readonly (string | null)[]
  /** Called with the error if the driver itself has prepared the statement once more after one. */
  readonly onPreparedAgain?: (error: unknown) => void
}

/** Whether an operation still waits for its answers. */
export interface Patience {
  isOver: boolean
  /** Each is called once the operation is given up, and says whether its statement was sent. */
  readonly onOver: Set<() => boolean>
}

/**
 * The part of a driver in use.
 *
 * Values are sent as text, and the server finds their types. The app's own serializers and parsers take no part.
 *
 * @returns The first column of each row, as the driver tells it.
 */
export type Driver = (sent: Sent, patience: Patience) => Promise<readonly unknown[]>

/** The error of an unsent statement: nobody waits for its answer any more. */
export function overError(): Error {
  return new Error('the statement was given up before it was sent')
}
