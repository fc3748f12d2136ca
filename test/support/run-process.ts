import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { cleanEnv } from '../../.ci/pnpm.mjs'

export const root: string = join(import.meta.dirname, '../..')

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A program that runs beside the test, and all that it wrote so far. */
export interface RunningProcess {
  readonly pid: number
  readonly exit: Promise<Exit>
  stdout(): string
  stderr(): string
  /** The first line on stdout. Rejects with what stands on stderr when the program ends without one. */
  firstLine(): Promise<string>
  /** Sends the signal, if the program still runs, and waits for its end. */
  end(signal?: NodeJS.Signals): Promise<Exit>
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

export function runProcess(command: string, args: readonly string[], options: RunOptions = {}): RunningProcess {
  const { cwd = root, env = {} } = options
  const child = spawn(command, args, { cwd, env: { ...cleanEnv, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const stdout = collect(child, 'stdout')
  const stderr = collect(child, 'stderr')
  const exit = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  // A test that does not get to end it leaves nothing behind.
  const abandon = (): void => void child.kill('SIGKILL')
  process.once('exit', abandon)
  child.once('exit', () => process.off('exit', abandon))

  async function firstLine(): Promise<string> {
    const hasLine = () => stdout().includes('\n')
    const written = new Promise<void>((resolve) => {
      child.stdout?.on('data', () => hasLine() && resolve())
      if (hasLine()) resolve()
    })
    await Promise.race([written, exit])
    if (!hasLine()) throw new Error(`${args.join(' ')} ended without a word: ${stderr()}`)
    return stdout().slice(0, stdout().indexOf('\n'))
  }

  function end(signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> {
    child.kill(signal)
    return exit
  }

  return { pid: child.pid ?? 0, exit, stdout, stderr, firstLine, end }
}

function collect(child: ChildProcess, name: 'stdout' | 'stderr'): () => string {
  const chunks: Buffer[] = []
  child[name]?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString()
}
