import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { startWorker } from './worker.ts'

const folder = mkdtempSync(join(tmpdir(), 'tessera-worker-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function program(code: string): URL {
  const file = join(folder, `${code.length}.mjs`)
  writeFileSync(file, code)
  return pathToFileURL(file)
}

describe('startWorker', () => {
  it('hands back the answers in the order of the questions', async () => {
    const file = program(`process.on('message', ({ number }) => process.send(number * 2))`)
    await using worker = startWorker<{ number: number }, number>(file)
    expect(await Promise.all([1, 2, 3].map((number) => worker.ask({ number })))).toEqual([2, 4, 6])
  })

  it('rejects what the process ended without answering', async () => {
    await using worker = startWorker<object, number>(program(`process.on('message', () => process.exit(3))`))
    await expect(worker.ask({})).rejects.toThrow('a worker ended without an answer: 3')
  })
})
