import { describe, expect, it } from 'vitest'
import { describeInMemory } from '../support/four-apis/describe-four-apis.ts'
import { runFourApis, seedNames } from '../support/four-apis/four-apis-server.ts'
import { freePort } from '../support/free-port.ts'
import { runCurl } from '../support/readmes/curl.ts'

const PATHS = {
  plain: ['/api/public/v1/tokens', '/api/public/v1/jobs'],
  paged: ['/v1/tokens', '/v1/projects'],
  offset: ['/api/v1/api_token', '/api/v1/person'],
  cursor: ['/api/v1/organizations/{orgID}/api-tokens', '/api/v1/organizations/{orgID}/nodes'],
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

describeInMemory('the JSON line', (four) => {
  it.each(four.all)('says where $name is and what was seeded', ({ name, facts, wire }) => {
    const [list = '', guarded = ''] = PATHS[name].map((path) => path.replace('{orgID}', facts.owner))
    const seed = { id: expect.stringMatching(wire.id) as string, secret: expect.stringMatching(wire.secret) as string }
    const otherOwner = { ...seed, owner: expect.any(String) as string }
    const others = list.replace(facts.owner, String(facts.tokens.otherOwner.owner))
    expect(facts).toEqual({
      list,
      item: `${list}/{id}`,
      protected: guarded,
      ...(name === 'plain' && { revoke: '/api/agent/identity/revoke' }),
      owner: name === 'cursor' ? expect.stringMatching(UUID) : expect.any(String),
      tokens: {
        ...Object.fromEntries(seedNames.map((each) => [each, seed])),
        otherOwner: name === 'cursor' ? { ...otherOwner, list: others } : otherOwner,
      },
    })
  })

  it('names the five APIs and the address', () => {
    expect(Object.keys(four.announcement)).toEqual(['url', 'apis'])
    expect(Object.keys(four.announcement.apis)).toEqual([...Object.keys(PATHS), 'standard'])
    expect(four.announcement.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })
})

describeInMemory(
  '--no-seed',
  (four) => {
    it.each(four.all)('issues nothing in $name', async (api) => {
      expect(api.facts.tokens).toEqual({})
      expect(await api.call('GET', api.facts.list, { secret: null })).toMatchObject({ status: 401 })
    })
  },
  '--no-seed',
)

describe('without --json', () => {
  it('prints what is served where, with curl lines that work', async () => {
    const port = await freePort()
    const server = runFourApis('--port', String(port))
    expect(await server.firstLine()).toContain(`http://127.0.0.1:${port}`)
    const text = server.stdout()
    for (const path of Object.values(PATHS).flat()) expect(text).toContain(path.split('{orgID}')[0])
    const lines = text.match(/curl .*/g) ?? []
    expect(lines).toHaveLength(5)
    for (const line of lines) expect(await runCurl(`${line} -i`)).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(await server.end()).toEqual({ code: 0, signal: null })
    expect(server.stderr()).toBe('')
  })
})
