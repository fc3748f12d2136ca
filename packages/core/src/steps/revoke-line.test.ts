import { describe, expect, it } from 'vitest'
import { revocationAt } from '../../../../test/support/sample-change.ts'
import { NOW, sampleRecord } from '../../../../test/support/sample-record.ts'
import { rotatedPair } from '../../testing/rotated-pair.ts'
import { seen } from '../../testing/seen.ts'
import { NOTHING_MORE } from './decision/unused-successors.ts'
import { revokeOpened } from './revoke-line.ts'
import { revoke, revokeWithUnused } from './revoke.ts'

const AT = NOW + 5
const leaked = { line: 'tok_1', issued: false, at: AT }

describe('revokeOpened', () => {
  it('revokes members of the line, of whatever status, and no other token', () => {
    const members = [{}, { suspendedAt: NOW }, { expiresAt: NOW }].map((facts) =>
      sampleRecord({ line: 'tok_1', ...facts }),
    )
    const other = sampleRecord({ makers: ['tok_1'] })
    const { put, announce } = revokeOpened([], leaked).decide(seen([...members, other]))
    expect(put).toMatchObject(members.map(({ id }) => ({ id, revokedAt: AT, revokedReason: 'leaked' })))
    expect(announce).toEqual(members.map(({ digest }) => digest))
  })

  it('revokes also what the line issued, by an option', () => {
    const made = sampleRecord({ makers: ['tok_0', 'tok_1'] })
    const { answer } = revokeOpened([], { ...leaked, issued: true }).decide(seen([made]))
    expect(answer.ended).toMatchObject([{ id: made.id, revokedReason: 'leaked' }])
  })

  it('names the successors that it was not shown, and announces again what was revoked before', () => {
    const member = sampleRecord({ line: 'tok_1', revokedAt: NOW, revokedReason: 'rotated', rotatedTo: 'tok_9' })
    expect(revokeOpened([member.id], leaked).decide(seen([member]))).toEqual({
      answer: { ended: [], next: ['tok_9'] },
      announce: [member.digest],
    })
    expect(revokeOpened([member.id, 'tok_9'], leaked).decide(seen([member])).answer.next).toEqual([])
  })
})

describe('revokeWithUnused', () => {
  it('revokes a token and its unused successor in one decision', () => {
    const [token, successor] = rotatedPair()
    const { answer, put } = revokeWithUnused(token.id, revocationAt(AT), NOTHING_MORE).decide(seen([token, successor]))
    expect(put).toMatchObject([
      { id: token.id, revokedAt: AT },
      { id: successor.id, revokedAt: AT },
    ])
    expect(answer).toMatchObject({ outcome: 'done', ended: [successor.id] })
  })

  it('asks for a row of them that it was not shown, and leaves used ones', () => {
    const [token, successor] = rotatedPair({}, { rotatedTo: 'tok_9' })
    const decided = (record = successor) =>
      revokeWithUnused(token.id, revocationAt(AT), NOTHING_MORE).decide(seen([token, record]))
    expect(decided()).toEqual({ answer: { outcome: 'unseen', ids: [successor.id], counting: false } })
    expect(decided({ ...successor, pending: false }).put).toMatchObject([{ id: token.id }])
  })

  it('revokes the token alone without the secret', () => {
    const [token, successor] = rotatedPair()
    const { put } = revoke(token.id, revocationAt(AT)).decide(seen([token, successor]))
    expect(put).toMatchObject([{ id: token.id }])
  })
})
