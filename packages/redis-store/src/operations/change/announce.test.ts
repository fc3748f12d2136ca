import { createLeases } from '@tessera/core'
import { describe, expect, it } from 'vitest'
import { keysUnder } from '../../client/keys.ts'
import type { Session } from '../../connection/session.ts'
import { createAnnounce } from './announce.ts'

/** A session whose every script waits until it is answered. */
function openSession() {
  const sent: { readonly entries: readonly unknown[]; readonly answer: (reply: unknown) => void }[] = []
  const change: Session['change'] = (_script, _keys, [, ...entries]) =>
    new Promise((answer) => {
      sent.push({ entries, answer })
    })
  return {
    sent,
    announce: createAnnounce({
      change,
      keys: keysUnder(''),
      leases: createLeases(),
      feedLimits: () => '9 0',
    } as Session),
  }
}

describe('createAnnounce', () => {
  it('announces in one script what is announced in one turn, and resolves once that is answered', async () => {
    const { sent, announce } = openSession()
    const acknowledged: string[] = []
    for (const entry of ['a', 'b']) {
      void Promise.resolve()
        .then(() => announce([entry]))
        .then(() => acknowledged.push(entry))
    }
    await new Promise(setImmediate)
    void announce(['c'])
    await new Promise(setImmediate)
    expect(sent.map(({ entries }) => entries)).toEqual([['a', 'b'], ['c']])
    expect(acknowledged).toEqual([])
    sent[0]?.answer(Buffer.from(''))
    await new Promise(setImmediate)
    expect(acknowledged).toEqual(['a', 'b'])
  })

  it('fails all that was announced together, and nothing else', async () => {
    const { sent, announce } = openSession()
    const together = Promise.allSettled([announce(['a']), announce(['b'])])
    await new Promise(setImmediate)
    const later = announce(['c'])
    await new Promise(setImmediate)
    sent[0]?.answer('no nil')
    sent[1]?.answer(Buffer.from(''))
    expect((await together).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await expect(later).resolves.toBeUndefined()
  })
})
