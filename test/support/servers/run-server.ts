import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import { createInterface } from 'node:readline'

export interface ServerCommand {
  readonly command: string
  readonly args: readonly string[]
  /** The server's own folder, which is removed if this process ends without stopping the server. */
  readonly folder: string
  /** Where the server writes its log, and the line that says that it accepts connections. */
  readonly log: 'stdout' | 'stderr'
  readonly ready: RegExp
  /** The user that the server runs as. Default: the one of this process. */
  readonly user?: { readonly uid: number; readonly gid: number }
}

/** Starts a server. Resolves when it accepts connections. */
export async function runServer({ command, args, folder, log, ready, user }: ServerCommand): Promise<ChildProcess> {
  const stdio = log === 'stdout' ? (['ignore', 'pipe', 'inherit'] as const) : (['ignore', 'ignore', 'pipe'] as const)
  const child: ChildProcess = spawn(command, args, { stdio: [...stdio], cwd: folder, ...user })
  endWithThisProcess(child, folder)
  const stream = child[log]
  if (stream === null) throw new TypeError('the log of the server is not read')
  const written: string[] = []
  const lines = createInterface(stream)
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`${command} ended while it started:\n${written.join('\n')}`)))
    lines.on('line', (line) => {
      written.push(line)
      if (ready.test(line)) resolve()
    })
  })
  // The server does without its log from here on; neither the pipe nor the child keeps a test process from ending.
  lines.close()
  stream.destroy()
  child.unref()
  return child
}

/**
 * A shell that outlives this process, however that ends, sees its input closed then, kills the server with its children
 * and clears up.
 */
function endWithThisProcess(child: ChildProcess, folder: string): void {
  const script = 'read -r _; kill -9 "$0" $(cat /proc/"$0"/task/"$0"/children 2>/dev/null); rm -rf "$1"'
  const command = ['-c', script, String(child.pid), folder]
  const guard = spawn('sh', command, { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  if (guard.stdin instanceof Socket) guard.stdin.unref()
  guard.unref()
  child.once('exit', () => guard.kill('SIGKILL'))
}
