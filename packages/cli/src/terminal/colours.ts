import type { Output } from './terminal.ts'

export interface Colours {
  readonly good: Paint
  readonly bad: Paint
  readonly faint: Paint
}

type Paint = (text: string) => string

const plain: Paint = (text) => text
const painted =
  (start: number, end: number): Paint =>
  (text) =>
    `\u001B[${start}m${text}\u001B[${end}m`

/**
 * Colours on a terminal only. `NO_COLOR` and `--no-color` take them away, `FORCE_COLOR` brings them anywhere.
 *
 * @see https://no-color.org
 */
export function coloursFor(
  output: Output,
  env: Readonly<Record<string, string | undefined>>,
  wanted: boolean,
): Colours {
  const forced = (env['FORCE_COLOR'] ?? '') !== '' && env['FORCE_COLOR'] !== '0'
  const isOn = wanted && (env['NO_COLOR'] ?? '') === '' && (forced || output.isTTY === true)
  if (!isOn) return { good: plain, bad: plain, faint: plain }
  return { good: painted(32, 39), bad: painted(31, 39), faint: painted(2, 22) }
}
