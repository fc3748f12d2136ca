import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Diagnosis } from './diagnosis.ts'

/** Node, the versions of our packages in the folder of the app, and whether they share one core. */
export function checkVersions(cwd: string): readonly Diagnosis[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isNew = major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)
  const node: Diagnosis = {
    check: 'node',
    ok: isNew,
    detail: `${process.versions.node}; 20.19 or 22.12 and later are supported`,
  }
  const installed = packagesIn(cwd)
  if (installed.length === 0) return [node]
  const versions = new Set(installed.map(({ version }) => version))
  const cores = new Set(installed.flatMap(({ folder }) => coreOf(folder)))
  return [
    node,
    {
      check: 'versions',
      ok: versions.size === 1,
      detail: installed.map(({ name, version }) => `${name} ${version}`).join(', '),
    },
    {
      check: 'one core',
      ok: cores.size <= 1,
      detail:
        cores.size <= 1
          ? 'all packages share one @tessera/core'
          : `several copies of @tessera/core: ${[...cores].join(', ')}`,
    },
  ]
}

interface Installed {
  readonly name: string
  readonly version: string
  readonly folder: string
}

function packagesIn(cwd: string): readonly Installed[] {
  const scope = join(cwd, 'node_modules', '@tessera')
  if (!existsSync(scope)) return []
  return readdirSync(scope)
    .filter((name) => existsSync(join(scope, name, 'package.json')))
    .map((name) => {
      const folder = realpathSync(join(scope, name))
      const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      return { name: `@tessera/${name}`, version: String(version), folder }
    })
}

/** The core of a package. */
function coreOf(folder: string): readonly string[] {
  try {
    return [realpathSync(createRequire(join(folder, 'package.json')).resolve('@tessera/core'))]
  } catch {
    return []
  }
}
