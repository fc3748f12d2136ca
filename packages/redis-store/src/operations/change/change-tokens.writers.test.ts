import { StoreError, edit, suspend } from '@tessera/core'
import type { Decision, Seen, Step, TokenRecord, TokenStore } from '@tessera/core'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { startRedis } from '../../../../../test/redis/index.ts'
import { changeAt, editAt } from '../../../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../../../test/support/sample-record.ts'
import { MAJORS } from '../../../testing/ioredis-majors.ts'
import { patientStore } from '../../../testing/patient-store.ts'
import { settingsOf } from '../../client/options.ts'
import { createSession } from '../../connection/session.ts'
import type { Session } from '../../connection/session.ts'
import { createChange } from './change-tokens.ts'

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

describe.each(MAJORS)('calls on one token that wait together, %s', (_name, { redis }) => {
  const client = redis({ port: server.port })
  const store = patientStore(client)

  afterAll(() => client.disconnect())
  beforeEach(() => client.call('flushall', []))

  const adding = (record: TokenRecord) => (): Decision<string> => ({ answer: 'added', add: [record] })
  const reading = (): Decision<string> => ({ answer: 'read' })

  /** The answers of calls that wait for a first one, or what they failed with. */
  function together(id: string, decides: readonly ((seen: Seen) => Decision<unknown>)[]): Promise<unknown[]> {
    const wants = { ids: [id], key: null }
    const causeOf = (error: unknown) => String(error instanceof StoreError ? error.cause : error)
    const answers = [reading, ...decides].map((decide) => store.change('acme', wants, decide).catch(causeOf))
    return Promise.all(answers).then((all) => all.slice(1))
  }

  it('add one id once', async () => {
    const first = sampleRecord()
    const second = sampleRecord({ id: first.id, digest: sampleRecord().digest })
    const inUse = expect.stringContaining('the id is in use')
    expect(await together(first.id, [adding(first), adding(second)])).toEqual(['added', inUse])
    expect(await store.find('acme', first.id)).toEqual(first)
  })

  it.each([
    ['adds a digest in use', 'the digest is in use', adding],
    ['puts a token not shown', 'not shown', (record: TokenRecord) => () => ({ answer: null, put: [record] })],
  ])('do not fail with one that %s', async (_what, failure, guilty) => {
    const [other, token] = [sampleRecord(), sampleRecord()]
    await store.insert(other, FREELY)
    const another = sampleRecord({ digest: other.digest })
    const calls = [adding(token), guilty(another), reading, suspend(token.id, changeAt(NOW)).decide]
    const failed = expect.stringContaining(failure)
    expect(await together(token.id, calls)).toMatchObject(['added', failed, 'read', { outcome: 'done' }])
    expect(await store.find('acme', token.id)).toMatchObject({ suspendedAt: NOW })
  })

  it('go on after one of them was given up', async () => {
    const ends = [1, -1, 1].map((sign) => performance.now() + sign * 20_000)
    const session = createSession(client, settingsOf({ deadlineMs: 20_000 }))
    const operate: Session['operate'] = async (operation, work) => {
      const working = session.operate(operation, work)
      if (ends.length !== 1) return working
      working.catch(() => undefined)
      throw new Error('given up')
    }
    const change = createChange({ ...session, operate, giveUpAt: () => ends.shift() ?? 0 })
    const token = sampleRecord()
    const calls = [reading, reading, adding(token)]
    const answers = calls.map((decide) => change('acme', { ids: [token.id], key: null }, decide).catch(String))
    expect(await Promise.all(answers)).toEqual(['read', 'Error: given up', 'added'])
  })
})
