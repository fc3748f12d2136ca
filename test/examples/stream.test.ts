import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { root, runProcess } from '../support/run-process.ts'
import type { RunningProcess } from '../support/run-process.ts'

describe('examples/stream', () => {
  let app: RunningProcess
  let url: string
  let headers: Record<string, string>

  beforeAll(async () => {
    const port = await freePort()
    app = runProcess(process.execPath, [join(root, 'examples/stream/server.js')], { env: { PORT: String(port) } })
    url = `http://127.0.0.1:${port}`
    headers = { authorization: (await app.firstLine()).replace('Authorization: ', '') }
  })
  afterAll(() => app.end())

  it('streams until its token is revoked', async () => {
    const stream = (await fetch(`${url}/stream`, { headers })).body?.getReader()
    const first = await stream?.read()
    expect(Buffer.from(first?.value ?? []).toString()).toMatch(/^data: \{"jobs":\[\]\}\n\n/)
    const [, id] = app.stdout().trimEnd().split('\n')
    expect((await fetch(`${url}/tokens/${id}`, { method: 'DELETE', headers })).status).toBe(200)
    for (let read = first; read?.done === false; read = await stream?.read());
    expect((await fetch(`${url}/stream`, { headers })).status).toBe(401)
    expect(app.stderr()).toBe('')
  })
})
