import { exchange } from './exchange.ts'
import type { Answer, Sent } from './exchange.ts'
import { OWNER, createFixture } from './fixture.ts'
import type { Fixture, StagedFixture } from './fixture.ts'
import { nodeAdapter } from './reference.ts'
import type { ServedFixture } from './served.ts'

export interface AdapterUnderTest {
  /** The title of the tests. */
  readonly name: string
  /** Mounts the fixture, and listens. */
  readonly serve: (fixture: Fixture) => ServedFixture | Promise<ServedFixture>
}

/** A served fixture, and a client of it. */
export interface Stage {
  readonly fixture: StagedFixture
  readonly port: number
  ask(method: string, path: string, sent?: Sent): Promise<Answer>
  /** A new token of the owner, with all scopes unless others are given. */
  issue(options?: {
    readonly owner?: string
    readonly scopes?: readonly string[]
    readonly networks?: readonly string[]
  }): Promise<Issued>
  /** The same of an adapter that answers as all do, with tokens of its own. */
  reference(): Promise<Stage>
  /** Mounts another fixture in another app. */
  readonly serve: AdapterUnderTest['serve']
  close(): Promise<void>
}

export interface Issued {
  readonly id: string
  readonly secret: string
  /** The line of a request. */
  readonly bearer: string
}

/** A case: its name, and what it does on the stage. It rejects if the adapter is wrong. */
export type Case = readonly [name: string, run: (stage: Stage) => Promise<void>]

export interface Chapter {
  readonly title: string
  readonly cases: readonly Case[]
}

export async function openStage({ serve }: Pick<AdapterUnderTest, 'serve'>): Promise<Stage> {
  const fixture = createFixture()
  const served = await serve(fixture)
  let reference: Promise<Stage> | undefined
  return {
    serve,
    reference: () => (reference ??= openStage({ serve: nodeAdapter() })),
    fixture,
    port: served.port,
    ask: (method, path, sent) => exchange(served.port, method, path, sent),
    async issue({ owner = OWNER, scopes = ['jobs:read'], networks } = {}) {
      const { token, secret } = await fixture.tokens.issue({ owner, name: 'CI', scopes, ...(networks && { networks }) })
      return { id: token.id, secret, bearer: `Authorization: Bearer ${secret}` }
    },
    async close() {
      await (await reference)?.close()
      await served.close()
      await fixture.tokens.close()
    },
  }
}
