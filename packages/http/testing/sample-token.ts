import { toToken } from '@tessera/core'
import type { Token } from '@tessera/core'
import type { PageFacts } from '../src/dialects/dialect.ts'
import { NOW, sampleRecord } from '../../../test/support/sample-record.ts'

/** The facts of an answer to a person. */
export const NOBODY: PageFacts = { callerId: null, usage: null }

/** An active token, but for what a test is about. */
export function sampleToken(facts: Partial<Token> = {}): Token {
  const token = toToken(sampleRecord(), NOW)
  const { createdAt = token.createdAt } = facts
  return { ...token, createdAt, updatedAt: createdAt, ...facts }
}
