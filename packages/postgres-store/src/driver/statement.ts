import { createHash } from 'node:crypto'
import type { Statement } from './database.ts'

/** Two releases of the store never give one name to two texts, as connections of a pooler may outlive a release. */
export function statement(text: string): Statement {
  return { name: `tessera_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`, text }
}
