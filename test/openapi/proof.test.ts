import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { apiNames, apis, createAllTokens } from '../../examples/four-apis/src/apis.ts'
import { createApp } from '../../examples/four-apis/src/app.ts'
import { documentOf, documentPath } from '../../examples/four-apis/src/documents.ts'
import { crawl } from './crawl.ts'
import { castOf, serve, stageStore } from './stage.ts'
import { faultsOfDocument } from './valid-document.ts'

const { store, outage } = stageStore(apiNames.map((name) => apis[name].otherOwner))
const tokens = createAllTokens({ store, activeLimit: 400 })
const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
let served: Awaited<ReturnType<typeof serve>>

beforeAll(async () => {
  served = await serve(createApp(tokens))
})

afterAll(async () => {
  warned.mockRestore()
  await served.close()
})

describe.each(apiNames)('the document of the API %s', (name) => {
  const document = documentOf(name, tokens[name])

  it('is served, once to each client', async () => {
    const first = await fetch(served.url + documentPath(name))
    expect([first.status, await first.json()]).toEqual([200, document])
    const again = await fetch(first.url, { headers: { 'If-None-Match': first.headers.get('etag') ?? '' } })
    expect([again.status, await again.text()]).toEqual([304, ''])
  })

  it('has every method of every path', async () => {
    const { owner } = apis[name]
    const { secret } = await tokens[name].issue({ owner, name: 'Methods', scopes: [] })
    for (const [path, item] of Object.entries(document.paths)) {
      const url = served.url + path.replace('{orgID}', owner).replace('{id}', 'self')
      const { status, headers } = await fetch(url, { method: 'PUT', headers: { Authorization: `Bearer ${secret}` } })
      const methods = Object.keys(item).flatMap((method) =>
        method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
      )
      expect([path, status, headers.get('allow')?.split(', ').sort()]).toEqual([path, 405, methods.sort()])
    }
  })

  it('is valid', async () => {
    expect(await faultsOfDocument(document)).toEqual([])
  })

  it('declares every answer, and none that is not given', async () => {
    const { owner, otherOwner } = apis[name]
    const cast = await castOf(tokens[name], owner, otherOwner)
    const { faults, unreached } = await crawl(served.url, document, cast, outage)
    expect({ faults, unreached }).toEqual({ faults: [], unreached: [] })
  })
})
