import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { packAll } from '../../.ci/pack.mjs'
import { cleanEnv } from '../../.ci/pnpm.mjs'

/** A project outside the repository that has installed all packages from their tarballs. */
export interface ScratchProject {
  readonly folder: string
  write(file: string, content: string): void
  /** What a program writes to stdout. Throws if it fails. */
  run(command: string, args: readonly string[], env?: Readonly<Record<string, string>>): string
  /** Makes a package of another folder's `node_modules` one of this project: the less a registry is asked, the better. */
  borrow(nodeModules: string, ...names: string[]): void
  remove(): void
}

export function startScratchProject(): ScratchProject {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-packed-'))

  function write(file: string, content: string): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), content)
  }

  function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
    const { status, error, stdout, stderr } = spawnSync(command, args, {
      cwd: folder,
      env: { ...cleanEnv, ...env },
      encoding: 'utf8',
      shell: process.platform === 'win32' && command === 'npm',
    })
    if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stdout + stderr}`)
    return stdout
  }

  function borrow(nodeModules: string, ...names: string[]): void {
    for (const name of names) {
      const link = join(folder, 'node_modules', name)
      mkdirSync(dirname(link), { recursive: true })
      symlinkSync(join(nodeModules, name), link, 'junction')
    }
  }

  write('package.json', JSON.stringify({ name: 'scratch', private: true }))
  const tarballs = packAll(folder).map(({ tarball }) => tarball)
  run('npm', ['install', '--prefer-offline', '--legacy-peer-deps', '--no-audit', '--no-fund', ...tarballs])
  return { folder, write, run, borrow, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
