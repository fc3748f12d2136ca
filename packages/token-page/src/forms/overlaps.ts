import { invalidParameter } from '@tessera/http'
import type { Fields } from './fields.ts'

/** The overlaps to choose from: seconds, and their words. */
export const OVERLAPS: readonly (readonly [
  value: string,
  name: 'overlapNone' | 'overlapHours' | 'overlapDays',
  count: number,
])[] = [
  ['0', 'overlapNone', 0],
  ['3600', 'overlapHours', 1],
  ['86400', 'overlapDays', 1],
  ['604800', 'overlapDays', 7],
  ['2592000', 'overlapDays', 30],
]

/**
 * @returns Milliseconds.
 * @throws Problem `invalid_parameter`
 */
export function readOverlap(fields: Fields): number {
  const value = fields.one('overlap')
  if (!OVERLAPS.some(([seconds]) => seconds === value)) throw invalidParameter('overlap', 'one of the choices')
  return Number(value) * 1_000
}
