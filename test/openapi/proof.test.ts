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

  it('is served', async () => {
    const response = await fetch(served.url + documentPath(name))
    expect([response.status, await response.json()]).toEqual([200, document])
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
