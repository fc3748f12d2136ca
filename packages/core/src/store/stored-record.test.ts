import { describe, expect, it } from 'vitest'
import { sampleRecord } from '../../../../test/support/sample-record.ts'
import { factsOf, recordWith } from './stored-record.ts'

const RECORD = sampleRecord()
const { owner, id, digest, prefix, createdAt } = RECORD
const BLANK = recordWith({ owner, id, digest, prefix, createdAt }, {})
/** What a record may have in place of what a new one has. */
const OTHERS = ['', 'other', 0, 1, null, true, false, ['other'], { other: '' }]

describe('factsOf', () => {
  it('tells nothing that a new record with these keys has, too', () => {
    expect(factsOf(BLANK)).toEqual({})
  })

  it('loses no fact, whatever it is: not one of a later version either', () => {
    for (const name of [...Object.keys(BLANK), 'constructor', 'later']) {
      for (const value of OTHERS) {
        const record = { ...RECORD, [name]: value }
        expect(recordWith(record, JSON.parse(JSON.stringify(factsOf(record))))).toEqual(record)
      }
    }
  })
})
