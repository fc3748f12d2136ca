import { describe, expect, it, vi } from 'vitest'
import { exchange } from '../support/four-apis/connection.ts'
import type { Announcement } from '../support/four-apis/four-apis-server.ts'
import { writeRequest } from '../support/four-apis/write-request.ts'
import { lastDescendant } from '../support/process-tree.ts'
import { runProcess } from '../support/run-process.ts'

const commands = [
  { name: 'node .ci/start.mjs', command: process.execPath, args: ['.ci/start.mjs'] },
  { name: 'npm start', command: 'npm', args: ['start', '--silent', '--'] },
]

describe.each(commands)('$name', { timeout: 60_000 }, ({ command, args }) => {
  const start = (...flags: string[]) => runProcess(command, [...args, ...flags])

  it('prints the JSON line and nothing else on stdout, serves, and ends with code 0 on SIGTERM', async () => {
    const started = start('--port', '0', '--json')
    const line = await started.firstLine()
    const { url, apis } = JSON.parse(line) as Announcement
    const headers = [['Authorization', `Bearer ${apis.plain.tokens.valid.secret}`]] as const
    expect(await exchange(url, writeRequest({ path: apis.plain.list, headers }))).toMatchObject({ status: 200 })

    process.kill(lastDescendant(started.pid), 'SIGTERM')
    expect(await started.exit).toEqual({ code: 0, signal: null })
    expect(started.stdout()).toBe(`${line}\n`)
  })

  it('leaves nothing behind when it is ended itself', async () => {
    const started = start('--port', '0', '--json')
    const { url } = JSON.parse(await started.firstLine()) as Announcement
    await started.end('SIGTERM')
    await vi.waitFor(() => expect(fetch(url)).rejects.toThrow(TypeError), 5_000)
  })

  it('ends with the code of the server, and says on stderr what it did before', async () => {
    const started = start('--prot')
    expect(await started.exit).toEqual({ code: 2, signal: null })
    expect(started.stderr()).toMatch(/^tessera: /m)
    expect(started.stdout()).toBe('')
  })

  it('passes flags on, also behind the separator that pnpm leaves', async () => {
    const started = start(...(command === 'npm' ? [] : ['--']), '--no-seed', '--port=0', '--json')
    const { apis } = JSON.parse(await started.firstLine()) as Announcement
    expect(apis.plain.tokens).toEqual({})
    process.kill(lastDescendant(started.pid), 'SIGINT')
    expect(await started.exit).toEqual({ code: 0, signal: null })
  })
})
