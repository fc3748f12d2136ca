import { StoreError } from '@tessera/core'
import type { TokenRecord } from '@tessera/core'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { startRedis, startWithReplica, until } from '../../../test/redis/index.ts'
import { everyAt } from '../../../test/support/sample-change.ts'
import { FREELY, NOW, sampleRecord } from '../../../test/support/sample-record.ts'
import { MAJORS, withClient } from '../testing/ioredis-majors.ts'
import { startLiar } from '../testing/liar.ts'
import { openStore } from '../testing/open-store.ts'
import type { OpenStore } from '../testing/open-store.ts'
import { CHANGES, OTHERS, READS, recordUse } from '../testing/operations.ts'
import { REPLICA_SETTINGS } from '../testing/replica-settings.ts'
import { writeRecord } from './text/record-text.ts'

const server = await startRedis()
const pair = await startWithReplica({ config: REPLICA_SETTINGS })
const liar = await startLiar(server.port)

afterAll(async () => {
  await liar[Symbol.asyncDispose]()
  await Promise.all([server.stop(), pair.stop()])
})

/** What a client inside MULTI, a proxy or a later protocol answers, and replies of one operation to another. */
const WRONG = [
  '+QUEUED\r\n',
  '+OK\r\n',
  ':7\r\n',
  ':-1\r\n',
  '$0\r\n\r\n',
  '$6\r\nQUEUED\r\n',
  '*0\r\n',
  '*-1\r\n',
  '*1\r\n$-1\r\n',
  '*1\r\n$6\r\nQUEUED\r\n',
  '*1\r\n:7\r\n',
  '*2\r\n:7\r\n$-1\r\n',
  '*3\r\n:0\r\n:0\r\n:0\r\n',
  '*5\r\n$4\r\ndone\r\n$0\r\n\r\n$0\r\n\r\n$1\r\nx\r\n$1\r\nx\r\n',
  '#t\r\n',
  '%1\r\n$1\r\na\r\n$1\r\nb\r\n',
]
const NIL = ['$-1\r\n', '*-1\r\n']
const everything = { ...READS, ...CHANGES, ...OTHERS }

/** What an operation answered that a wrong reply should have failed: nothing that a test should see. */
async function answersOf(store: OpenStore, operations: typeof everything): Promise<unknown[]> {
  const token = sampleRecord()
  const answers: unknown[] = []
  for (const [name, operate] of Object.entries(operations)) {
    const answer: unknown = await operate(store, token).catch((error: unknown) => error)
    if (!(answer instanceof StoreError)) answers.push([name, answer])
    else if (String(answer).includes(token.digest)) answers.push([name, 'the digest in a message'])
  }
  return answers
}

describe.each(MAJORS)('a wrong reply, %s', (_name, { redis }) => {
  it.each([0, 1])('fails everything inside MULTI, with minReplicas %i', async (minReplicas) => {
    await withClient(redis({ port: pair.primary.port }), async (client) => {
      const store = openStore(client, { minReplicas })
      await store.ready()
      await client.call('multi', [])
      expect(await answersOf(store, { ...everything, recordUse })).toEqual([])
      await client.call('discard', [])
    })
  })

  it.each(WRONG)('fails everything if it is %j', { timeout: 20_000 }, async (reply) => {
    await withClient(redis({ port: liar.port }), async (client) => {
      const store = openStore(client, { deadlineMs: 200 })
      await until(() =>
        store.ready().then(
          () => true,
          () => false,
        ),
      ) // Also on a machine under load.
      liar.lie(reply)
      const operations = NIL.includes(reply) ? { ...CHANGES, ...OTHERS } : { ...everything, recordUse }
      const answers = await answersOf(store, operations).finally(() => liar.lie(null))
      expect(answers).toEqual([])
    })
  })
})

describe.each(MAJORS)('a corrupt key, %s', (_name, { redis }) => {
  const client = redis({ port: server.port })
  const store = openStore(client)

  beforeEach(async () => {
    await client.call('flushall', [])
  })
  afterAll(() => client.disconnect())

  const KINDS = ['tessera:c:*', 'tessera:d:*', 'tessera:e:*', 'tessera:changes:*']

  it.each(KINDS)('of a wrong type at %s fails what needs it', async (pattern) => {
    const token = sampleRecord()
    await store.insert(token, FREELY)
    await store.suspend(token.owner, token.id, { at: NOW, idempotency: null })
    const [name] = (await client.call('keys', [pattern])) as [string]
    await client.call('del', [name])
    await client.call('set', [name, 'no index'])
    await expect(store.revokeAll(token.owner, everyAt(NOW))).rejects.toThrow(StoreError)
  })

  it('fails the reading of a revision that is none', async () => {
    await client.call('set', ['tessera:revision:{feed}', 'no revision'])
    await expect(store.feed.revision()).rejects.toThrow(StoreError)
  })

  const { owner, ...facts } = sampleRecord({ owner: 'acme', networks: ['192.0.2.0/24'], createdBy: 'ada' })
  const text = writeRecord({ owner, ...facts })
  const CORRUPT: readonly (readonly [what: string, text: string])[] = [
    ['is empty', ''],
    ['is another text', 'QUEUED'],
    ['has a line too few', text.split('\n').slice(0, 13).join('\n')],
    ['has a revocation that is no number', `-${text}`],
    ['has no creation', text.replace(/\n[a-z0-9]+\nacme\n/, '\n\nacme\n')],
    ['has a later life with a fact too few', text.replace('\t[', '[')],
  ]
  const UNREADABLE: typeof CORRUPT = [
    ['has networks that are not JSON', text.replace('["192', '[192')],
    ['has networks that are no list', text.replace(/\["192.*?\]/, '7')],
    ['has a creator who is no text', text.replace('"ada"', '7')],
    ['has attributes that are none', text.replace('"ada"\n', '"ada"\n[]')],
    ['has an escape that is none', text.replace('\nacme\n', '\n\\x\n')],
  ]

  async function putText(changed: string): Promise<TokenRecord> {
    const token = { owner, ...facts }
    await store.insert(token, FREELY)
    const names = (await client.callBuffer('keys', ['tessera:{??}*'])) as Buffer[]
    expect(names).toHaveLength(1)
    await client.call('set', [names[0] ?? '', changed])
    return token
  }

  const { findRequest: _reads, ...reads } = READS
  const { rekey, revokeAll, ...answering } = CHANGES
  const parts = [
    ...CORRUPT.map(([what, changed]) => ({
      what,
      changed,
      operations: { ...reads, ...answering, rekey, revokeAll, recordUse },
    })),
    ...UNREADABLE.map(([what, changed]) => ({ what, changed, operations: { ...reads, ...answering } })),
  ]

  it.each(parts)('fails what reads a record that $what', async ({ changed, operations }) => {
    expect(changed).not.toBe(text)
    const token = await putText(changed)
    for (const [name, operate] of Object.entries(operations)) {
      const answer: unknown = await operate?.(store, token).catch((error: unknown) => error)
      expect({ name, answer }).toEqual({ name, answer: expect.any(StoreError) })
      expect(String(answer)).toMatch(/corrupt/)
    }
  })

  it('fails what reads a record that is no text', async () => {
    const token = await putText(text)
    const [name = ''] = (await client.callBuffer('keys', ['tessera:{??}*'])) as Buffer[]
    await client.call('del', [name])
    await client.call('hset', [name, 'field', 'value'])
    for (const operate of Object.values({ ...CHANGES, findByDigest: READS['findByDigest'], find: READS['find'] })) {
      await expect(operate?.(store, token)).rejects.toThrow(/WRONGTYPE/)
    }
  })
})
