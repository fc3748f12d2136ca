import { afterAll, describe, expect, it } from 'vitest'
import { bareScripts, checkSameCommands } from './bare-scripts.ts'
import { openFixture } from './fixture.ts'
import { operationsOf } from './operations.ts'
import { trafficOf } from './traffic.ts'

const fixture = await openFixture(100)
const operations = await operationsOf(fixture)

afterAll(() => fixture[Symbol.asyncDispose]())

async function trafficFor(name: string) {
  const operation = operations[name]
  if (operation === undefined) throw new Error(`there is no operation ${name}`)
  await operation.prepare?.()
  return trafficOf(fixture.client, operation.work)
}

describe('verify', () => {
  it('is one GETEX when nothing is cached, byte for byte that of the record', async () => {
    const traffic = await trafficFor('verify')
    expect(traffic).toMatchObject({ commands: { getex: 1 }, inScripts: {}, reads: 1 })
    expect(traffic).toEqual(await trafficFor('getRecord'))
  })

  it('sends nothing for a malformed secret', async () => {
    const nothing = { commands: {}, inScripts: {}, reads: 0, bytesIn: 0, bytesOut: 0 }
    expect(await trafficFor('verifyMalformed')).toEqual(nothing)
  })

  it('is one GETEX each for 64 that come at once, in a few writes', async () => {
    const { commands, reads } = await trafficFor('verifyTogether')
    expect(commands).toEqual({ getex: 64 })
    expect(reads).toBeLessThan(8)
  })

  it('is one reading of the revision for 64 that are cached and come at once', async () => {
    const traffic = await trafficFor('verifyCached')
    expect(traffic).toMatchObject({ commands: { evalsha: 1 }, inScripts: { get: 1 }, reads: 1 })
    expect(traffic).toEqual(await trafficFor('readRevision'))
  })

  it('is at most one reading more for 64 that come while that is under way', async () => {
    const { commands } = await trafficFor('verifyCachedTwice')
    expect(commands).toEqual({ evalsha: 2 })
  })
})

describe('issue', () => {
  it('is one script in one round trip', async () => {
    expect(await trafficFor('issue')).toMatchObject({ commands: { evalsha: 1 }, reads: 1 })
  })
})

describe('revoke', () => {
  it('is one script that shows the token, and then one that writes and announces', async () => {
    expect(await trafficFor('revoke')).toMatchObject({ commands: { evalsha: 2 }, reads: 2 })
  })
})

describe('recordUse', () => {
  it('is one script for each owner, all in one pipeline', async () => {
    expect(await trafficFor('recordUse')).toMatchObject({ commands: { evalsha: 2 }, reads: 1 })
  })
})

describe('issue and revoke', () => {
  it('are compared with the very commands that they run', async () => {
    const bare = await bareScripts(fixture.client, 100)
    await expect(checkSameCommands(fixture.client, bare, fixture.uncached)).resolves.toBeUndefined()
    const lean = { ...bare, revoke: () => fixture.client.ping() }
    await expect(checkSameCommands(fixture.client, lean, fixture.uncached)).rejects.toThrow(
      /^the bare script of revoke/,
    )
  })
})
