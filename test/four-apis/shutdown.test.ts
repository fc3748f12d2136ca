import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { apiUnderTest } from '../support/four-apis/api-under-test.ts'
import type { ApiUnderTest } from '../support/four-apis/api-under-test.ts'
import { connect } from '../support/four-apis/connection.ts'
import { deployments } from '../support/four-apis/deployments.ts'
import type { DeployedStore } from '../support/four-apis/deployments.ts'
import { describeInMemory } from '../support/four-apis/describe-four-apis.ts'
import { startFourApis } from '../support/four-apis/four-apis-server.ts'
import type { FourApisServer } from '../support/four-apis/four-apis-server.ts'

async function start(
  store: DeployedStore | undefined,
): Promise<FourApisServer & { readonly plain: ApiUnderTest; readonly url: string }> {
  const server = await startFourApis(...(store?.flags ?? []), '--active-limit', '0')
  return { ...server, plain: apiUnderTest('plain', () => server.announcement), url: server.announcement.url }
}

/** How long the server takes to end cleanly. */
async function endMs({ process }: FourApisServer, signal?: NodeJS.Signals): Promise<number> {
  const startedAt = performance.now()
  expect(await process.end(signal)).toEqual({ code: 0, signal: null })
  expect(process.stderr()).toBe('')
  return performance.now() - startedAt
}

const issueRequest = ({ request, facts }: ApiUnderTest): [head: Buffer, tail: Buffer] => {
  const bytes = request('POST', facts.list, { json: { name: 'In flight', scopes: [] } })
  return [bytes.subarray(0, -10), bytes.subarray(-10)]
}

async function accepts(url: string): Promise<boolean> {
  try {
    const connection = await connect(url)
    connection.close()
    return true
  } catch {
    return false
  }
}

describe.each(deployments)('the server on $on', { timeout: 15_000 }, (deployment) => {
  let store: DeployedStore | undefined

  beforeAll(async () => {
    store = await deployment.open()
  })

  afterAll(async () => {
    await store?.close()
  })

  it.concurrent.each(['SIGTERM', 'SIGINT'] as const)('ends with code 0 on %s', async (signal) => {
    expect(await endMs(await start(store), signal)).toBeLessThan(5_000)
  })

  it.concurrent('ends though a keep-alive connection is idle, which it closes', async () => {
    const server = await start(store)
    const connection = await connect(server.url)
    await connection.send(server.plain.request('GET', server.plain.facts.list))
    expect(await endMs(server)).toBeLessThan(3_000)
    await connection.closed
  })

  it.concurrent('finishes a request that is under way, while it accepts no more', async () => {
    const server = await start(store)
    const connection = await connect(server.url)
    const [head, tail] = issueRequest(server.plain)
    connection.write(head)
    await server.plain.statusOf(server.plain.facts.tokens.valid.secret)
    const ended = endMs(server)
    await vi.waitFor(async () => expect(await accepts(server.url)).toBe(false))
    connection.write(tail)
    expect(await connection.next()).toMatchObject({ status: 201 })
    expect(await ended).toBeLessThan(3_000)
  })

  it.concurrent('does not wait for ever for a request that never ends or begins', async () => {
    const server = await start(store)
    const [connection, silent] = await Promise.all([connect(server.url), connect(server.url)])
    connection.write(issueRequest(server.plain)[0])
    await server.plain.statusOf(server.plain.facts.tokens.valid.secret)
    expect(await endMs(server)).toBeLessThan(5_000)
    await Promise.all([connection.closed, silent.closed])
  })
})

describeInMemory('a keep-alive connection', (four) => {
  it('is announced to stay open for at least five seconds, and serves one request after the other', async () => {
    const connection = await connect(four.announcement.url)
    for (const { request, facts } of four.all) {
      const answer = await connection.send(request('GET', facts.list))
      expect(answer).toMatchObject({ status: 200 })
      expect(answer.headers.get('connection')).toBe('keep-alive')
      const [, seconds] = /^timeout=(\d+)$/.exec(answer.headers.get('keep-alive') ?? '') ?? []
      expect(Number(seconds)).toBeGreaterThanOrEqual(5)
    }
    connection.close()
  })

  it('stays open after every refusal that is one of the APIs', async () => {
    const connection = await connect(four.announcement.url)
    for (const { request, facts, item } of four.all) {
      const requests = [
        request('GET', facts.list, { secret: null }),
        request('GET', facts.list, { secret: 'x' }),
        request('GET', item('x')),
        request('PUT', facts.list, { body: 'x'.repeat(200_000) }),
        request('POST', facts.list, { body: 'x' }),
        request('GET', '/nowhere'),
      ]
      const answers = await Promise.all(requests.map((each) => connection.send(each)))
      expect(answers.map(({ status }) => status)).toEqual([401, 401, 404, 405, 415, 404])
    }
    connection.close()
  })

  it('answers in order what is sent without waiting', async () => {
    const connection = await connect(four.announcement.url)
    const ids = four.all.flatMap(({ facts }) => Object.values(facts.tokens).map(({ id }) => id))
    const answers = await Promise.all(
      ids.map((id) => connection.send(four.apis.plain.request('GET', four.apis.plain.item(id)))),
    )
    connection.close()
    const plainIds = ids.filter((_, index) => answers[index]?.status === 200)
    expect(answers.flatMap((answer) => (answer.status === 200 ? [four.apis.plain.recordIn(answer).id] : []))).toEqual(
      plainIds,
    )
    expect(plainIds).toHaveLength(7)
  })
})
