import type { Kept, KeptAnswer } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { sampleRecord } from '../../../../test/support/sample-record.ts'
import { readKept, writeKept } from './kept-text.ts'

const ANSWERS: readonly (readonly [what: string, answer: KeptAnswer])[] = [
  ['a record', { record: sampleRecord({ name: 'two\nlines', scopes: [], attributes: { note: 'a\tb' } }) }],
  ['a record with a sealed secret', { record: sampleRecord(), sealed: 'v1.a-Z_0' }],
  ['a count', { revoked: 12 }],
  ['none', { revoked: 0 }],
  ['no answer yet', null],
]

function keptOf(answer: KeptAnswer, fingerprint = 'f'): Kept {
  return { key: 'deploy 42', expiresAt: 7, fingerprint, answer }
}

describe('readKept', () => {
  it.each(ANSWERS)('reads %s as it was written', (_what, answer) => {
    for (const fingerprint of ['f', '', 'two\nlines', 'Größe']) {
      const kept = keptOf(answer, fingerprint)
      expect(readKept(kept.key, Buffer.from(writeKept(kept)), kept.expiresAt)).toEqual(kept)
    }
  })

  it.each(['f\n', 'f\n-1', 'f\n1e3', 'f\n1234567890123456', 'f\nd\n', 'f\nd\nrecord', '\\x', 'f\tv1.a', 'f\tv1.a\n12'])(
    'fails for %j, and says nothing of it',
    (text) => {
      const read = () => readKept('secret key', Buffer.from(text), 0)
      expect(read).toThrow('Redis keeps an answer that cannot be read: its text is corrupt')
    },
  )
})
