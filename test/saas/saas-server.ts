import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../support/free-port.ts'
import { root, runProcess } from '../support/run-process.ts'
import type { RunningProcess } from '../support/run-process.ts'

export interface SaasServer extends AsyncDisposable {
  readonly url: string
  readonly app: RunningProcess
  /** Where it runs, and where its database file is by default. */
  readonly folder: string
}

/** The app of `examples/saas` in a folder of its own. */
export async function startSaas(
  env: Readonly<Record<string, string>> = {},
  program: readonly string[] = [join(root, 'examples/saas/dist/server.js')],
): Promise<SaasServer> {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-saas-'))
  const port = String(await freePort())
  const app = runProcess(process.execPath, program, { cwd: folder, env: { PORT: port, ...env } })
  const end = async () => {
    await app.end('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    return { url: await app.firstLine(), app, folder, [Symbol.asyncDispose]: end }
  } catch (error) {
    await end()
    throw error
  }
}
