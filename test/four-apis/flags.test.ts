import { describe, expect, it } from 'vitest'
import { describeInMemory } from '../support/four-apis/describe-four-apis.ts'
import { runFourApis } from '../support/four-apis/four-apis-server.ts'

/** Runs it to its end, which must come by itself, with a reason of one line. */
async function reasonOf(...flags: string[]): Promise<{ code: number | null; reason: string }> {
  const process = runFourApis(...flags)
  const { code } = await process.exit
  expect(process.stdout()).toBe('')
  const [reason = '', ...rest] = process.stderr().split('\n')
  expect(rest).toEqual([''])
  return { code, reason }
}

describe.concurrent('a flag that cannot be used', { timeout: 20_000 }, () => {
  it.each([
    { flags: ['--prot', '1'], names: '--prot' },
    { flags: ['--port'], names: '--port' },
    { flags: ['--port', 'x'], names: '--port' },
    { flags: ['--port', '-1'], names: '--port' },
    { flags: ['--port=-1'], names: '--port' },
    { flags: ['--port', '65536'], names: '--port' },
    { flags: ['--port', '0x10'], names: '--port' },
    { flags: ['--active-limit', 'many'], names: '--active-limit' },
    { flags: ['--active-limit=-1'], names: '--active-limit' },
    { flags: ['--store', 'memory'], names: '--store' },
    { flags: ['--store', 'ftp://127.0.0.1'], names: '--store' },
    { flags: ['--cache', 'sometimes'], names: '--cache' },
    { flags: ['--cache', 'bounded'], names: '--cache' },
    { flags: ['--cache', 'leased', '--lease-ms', '9'], names: '--lease-ms' },
    { flags: ['--lease-ms', 'long'], names: '--lease-ms' },
    { flags: ['--cache', 'bounded:0'], names: '--cache' },
    { flags: ['--cache', 'bounded:3600001'], names: '--cache' },
    { flags: ['--json=yes'], names: '--json' },
    { flags: ['3000'], names: '3000' },
    { flags: ['-p', '3000'], names: '-p' },
  ])('ends it with code 2 and one line that names it: $flags', async ({ flags, names }) => {
    const { code, reason } = await reasonOf(...flags)
    expect(reason).toContain(names)
    expect(code).toBe(2)
  })
})

describeInMemory('a port that is taken', (four) => {
  it('ends it with code 1 and one line', async () => {
    const { port } = new URL(four.announcement.url)
    const { code, reason } = await reasonOf('--port', port, '--json')
    expect(reason).toContain(port)
    expect(code).toBe(1)
  })
})
