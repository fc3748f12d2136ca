import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { Answer } from './answer.ts'
import { apiUnderTest } from './api-under-test.ts'
import type { ApiUnderTest } from './api-under-test.ts'
import { exchange } from './connection.ts'
import { deployments, inMemory } from './deployments.ts'
import type { DeployedStore, Deployment } from './deployments.ts'
import { startFourApis } from './four-apis-server.ts'
import type { Announcement, FourApisServer } from './four-apis-server.ts'
import type { ApiName } from './wire.ts'

/** The server that a chapter talks to, from its first test on. */
export interface FourApis {
  readonly announcement: Announcement
  /** Of each API, for `describe.each`. */
  readonly all: readonly ApiUnderTest[]
  readonly apis: Readonly<Record<ApiName, ApiUnderTest>>
  /** Sends a request on a connection of its own. */
  exchange(request: Uint8Array): Promise<Answer>
}

type Chapter = (four: FourApis) => void

/**
 * Runs a chapter of the suite on every deployment, against a server and a store of its own. Whatever the chapter asks of
 * it, the server prints nothing but its announcement and ends cleanly.
 */
export function describeFourApis(title: string, chapter: Chapter, ...flags: readonly string[]): void {
  describe.each(deployments)(`${title}, on $on`, (deployment) => {
    runChapter(deployment, chapter, flags)
  })
}

/** The same in memory only, for what is alike on every store: it happens before one is asked, or to what one has answered. */
export function describeInMemory(title: string, chapter: Chapter, ...flags: readonly string[]): void {
  describe(`${title}, in memory`, () => {
    runChapter(inMemory, chapter, flags)
  })
}

function runChapter(deployment: Deployment, chapter: Chapter, flags: readonly string[]): void {
  let store: DeployedStore | undefined
  let server: FourApisServer | undefined
  const announcement = (): Announcement => {
    if (server === undefined) throw new Error('the server runs only during the tests')
    return server.announcement
  }

  beforeAll(async () => {
    store = await deployment.open()
    server = await startFourApis(...store.flags, ...flags)
  })

  afterAll(async () => {
    const process = server?.process
    expect(await process?.end()).toEqual({ code: 0, signal: null })
    await store?.close()
    expect(process?.stdout()).toBe(`${JSON.stringify(announcement())}\n`)
    expect(process?.stderr()).toBe('')
  })

  const create = (name: ApiName): ApiUnderTest => apiUnderTest(name, announcement)
  const apis = { plain: create('plain'), paged: create('paged'), offset: create('offset'), cursor: create('cursor') }
  chapter({
    get announcement() {
      return announcement()
    },
    all: Object.values(apis),
    apis,
    exchange: (request) => exchange(announcement().url, request),
  })
}
