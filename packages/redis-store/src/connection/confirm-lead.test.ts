import { describe, expect, it } from 'vitest'
import { createConfirmLead } from './confirm-lead.ts'

const HISTORY = 'a'.repeat(40)
const LATER = 'b'.repeat(40)

/** The reply of a server with so many replicas. */
function told(history: string, replicas = 2): readonly Buffer[] {
  return [Buffer.from(history), Buffer.from(String(replicas))]
}

/** A server whose writes are confirmed when the test says so. */
function openServer() {
  const writes: { readonly key: string; readonly confirm: (reply: unknown) => void; readonly fail: () => void }[] = []
  const confirmLead = createConfirmLead(
    (key) =>
      new Promise((resolve, reject) => {
        writes.push({ key, confirm: resolve, fail: () => reject(new Error('nobody confirms')) })
      }),
    1,
  )
  return { writes, confirmLead }
}

describe('confirmLead', () => {
  it('counts no write that began before it was asked, and has all who wait share the next one', async () => {
    const { writes, confirmLead } = openServer()
    const first = confirmLead('key')
    const [second, third] = [confirmLead('key'), confirmLead('key')]
    expect(writes).toHaveLength(1)
    writes[0]?.confirm(told(HISTORY))
    expect(await first).toBe(HISTORY)
    await new Promise(setImmediate)
    expect(writes).toHaveLength(2)
    writes[1]?.confirm(told(LATER))
    expect(await Promise.all([second, third])).toEqual([LATER, LATER])
  })

  it('asks anew after a write that nobody confirmed', async () => {
    const { writes, confirmLead } = openServer()
    const first = confirmLead('key')
    const second = confirmLead('key')
    writes[0]?.fail()
    await expect(first).rejects.toThrow('nobody confirms')
    await new Promise(setImmediate)
    writes[1]?.confirm(told(HISTORY))
    expect(await second).toBe(HISTORY)
    const third = confirmLead('key')
    expect(writes).toHaveLength(3)
    writes[2]?.confirm(told(HISTORY))
    expect(await third).toBe(HISTORY)
  })

  it('waits for no write to another key', async () => {
    const { writes, confirmLead } = openServer()
    const answers = [confirmLead('one'), confirmLead('other')]
    expect(writes.map(({ key }) => key)).toEqual(['one', 'other'])
    for (const { confirm } of writes) confirm(told(HISTORY))
    expect(await Promise.all(answers)).toEqual([HISTORY, HISTORY])
  })

  it('rejects once more replicas have joined than would make a majority', async () => {
    const { writes, confirmLead } = openServer()
    const answer = confirmLead('key')
    writes[0]?.confirm(told(HISTORY, 4))
    await expect(answer).rejects.toThrow('set minReplicas to 2 or more')
  })

  it.each([
    ['a number', 1],
    ['nothing', null],
    ['another text', Buffer.from('OK')],
  ])('rejects %s', async (_what, reply) => {
    const { writes, confirmLead } = openServer()
    const answer = confirmLead('key')
    writes[0]?.confirm(reply)
    await expect(answer).rejects.toThrow('Redis')
  })
})
