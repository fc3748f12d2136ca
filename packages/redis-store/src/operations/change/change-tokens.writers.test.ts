import { suspend, edit } from '@tessera/core'
import type { Seen, Step, TokenRecord, TokenStore } from '@tessera/core'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { startRedis } from '../../../../../test/redis/index.ts'
import { changeAt, editAt } from '../../../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../../../test/support/sample-record.ts'
import { MAJORS } from '../../../testing/ioredis-majors.ts'
import { patientStore } from '../../../testing/patient-store.ts'

const WRITERS = 48
const EACH = 10
const PROCESSES = 8
/** Of a suspension alone: show and write. */
const LONE_SCRIPTS = 2

const server = await startRedis()

afterAll(() => server.stop())

/** Takes a step, and counts how often it was decided. */
async function take<Answer>(store: TokenStore, step: Step<Answer>): Promise<{ answer: Answer; tries: number }> {
  let tries = 0
  const decide = (seen: Seen) => {
    tries += 1
    return step.decide(seen)
  }
  return { answer: await store.change('acme', step.wants, decide), tries }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

describe.each(MAJORS)(`${WRITERS} writers on one token, %s`, (_name, { redis }) => {
  const clients = Array.from({ length: PROCESSES }, () => redis({ port: server.port }))
  const stores = clients.map((client) => patientStore(client))
  let token: TokenRecord

  afterAll(() => {
    for (const client of clients) client.disconnect()
  })
  beforeEach(async () => {
    await clients[0]?.call('flushall', [])
    token = sampleRecord()
    await stores[0]?.insert(token, FREELY)
  })

  /** Each writer renames the token so many times, one after the other. */
  function renaming(inProcess: (writer: number) => TokenStore): Promise<unknown> {
    return Promise.all(
      Array.from({ length: WRITERS }, async (_, writer) => {
        for (let round = 0; round < EACH; round += 1) {
          const { answer } = await take(inProcess(writer), edit(token.id, editAt(NOW, { name: `${writer} ${round}` })))
          expect(answer.outcome).toBe('done')
        }
      }),
    )
  }

  it('hold a suspension up for less than ten times what it takes alone, in one process', async () => {
    let scripts = 0
    const [client] = clients
    if (client === undefined) throw new Error('there is no client')
    const counted = Object.create(client) as typeof client
    counted.callBuffer = (command, args) => {
      if (command === 'evalsha') scripts += 1
      return client.callBuffer(command, args)
    }
    const store = patientStore(counted)
    const writers = renaming(() => store)
    const waits: number[] = []
    for (let round = 0; round < 2 * EACH; round += 1) {
      const before = scripts
      const step = round % 2 === 0 ? suspend(token.id, changeAt(NOW)) : edit(token.id, editAt(NOW, { name: 'mine' }))
      await take(store, step)
      waits.push(scripts - before)
    }
    await writers
    expect(Math.max(...waits)).toBeLessThan(10 * LONE_SCRIPTS)
    expect(scripts).toBeLessThan(WRITERS * EACH)
  })

  it(`all come to an end in ${PROCESSES} processes, and a suspension among them in less than ten tries`, async () => {
    const writers = renaming((writer) => stores[writer % PROCESSES] ?? patientStore(redis({ port: server.port })))
    const tries: number[] = []
    for (let round = 0; round < EACH; round += 1) {
      const { answer, tries: taken } = await take(
        stores[round % PROCESSES] as TokenStore,
        suspend(token.id, changeAt(NOW)),
      )
      expect(answer.outcome).toBe('done')
      tries.push(taken)
    }
    await writers
    expect(median(tries)).toBeLessThan(10)
  })
})
