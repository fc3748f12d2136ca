import { randomUUID } from 'node:crypto'
import { createTokens } from '@tessera/core'
import type { Tokens } from '@tessera/core'
import { afterAll, describe, expect, it } from 'vitest'
import { startRedis } from '../../../../../test/redis/index.ts'
import { workOf } from '../../../testing/command-counts.ts'
import { MAJORS } from '../../../testing/ioredis-majors.ts'
import { patientStore } from '../../../testing/patient-store.ts'

const AT_ONCE = 100
const OWNER = 'acme'
/** To show and to write: for the first issue, and for all that wait meanwhile. */
const SCRIPTS = 4

const server = await startRedis()

afterAll(() => server.stop())

describe.each(MAJORS)(`${AT_ONCE} issues at once by one token, %s`, (_name, { redis }) => {
  const client = redis({ port: server.port })

  afterAll(() => client.disconnect())

  /** Each issue is of an instant of its own. */
  function open(activeLimit: number | null): Tokens {
    let now = Date.now()
    return createTokens({
      store: patientStore(client, { keyPrefix: `${randomUUID()}:` }),
      prefix: 'ot_pat',
      activeLimit,
      now: () => (now += 1),
    })
  }

  async function issueAll(tokens: Tokens): Promise<string[]> {
    const { token } = await tokens.issue({ owner: OWNER, name: 'maker', scopes: ['jobs:read'] })
    const asked = Array.from({ length: AT_ONCE }, (_, number) =>
      tokens.issue({ owner: OWNER, name: `made ${number}`, scopes: [], actor: { id: token.id } }).then(
        (issued) => (issued.token.issuedBy === token.id ? 'issued' : 'issued by another'),
        (error: unknown) => String(Reflect.get(Object(error), 'code')),
      ),
    )
    return Promise.all(asked)
  }

  it.each([null, AT_ONCE + 1])('are all decided, in few round trips, with a limit of %j', async (activeLimit) => {
    const warm = open(activeLimit)
    await issueAll(warm)
    const tokens = open(activeLimit)
    await tokens.list(OWNER)
    let outcomes: string[] = []
    const { calls } = await workOf(client, async () => {
      outcomes = await issueAll(tokens)
    })
    expect(outcomes).toEqual(Array.from({ length: AT_ONCE }, () => 'issued'))
    // And one for the maker.
    expect(calls['evalsha']).toBe(SCRIPTS + 1)
    expect((await tokens.list(OWNER)).total).toBe(AT_ONCE + 1)
  })

  it('leave exactly as many tokens active as the limit allows', async () => {
    const tokens = open(26)
    const outcomes = await issueAll(tokens)
    expect(outcomes.filter((outcome) => outcome === 'issued')).toHaveLength(25)
    expect(new Set(outcomes)).toEqual(new Set(['issued', 'active_limit_reached']))
    expect((await tokens.list(OWNER)).total).toBe(26)
  })
})
