import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Diagnosis } from './diagnosis.ts'

/** Node, the versions of our packages nearest to the app, and whether they and this one share one core. */
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
  const cores = new Set([...installed.map(({ folder }) => folder), OWN].flatMap(coreOf))
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

/** This package: its errors are those of its own core. */
const OWN = fileURLToPath(new URL('../..', import.meta.url))

interface Installed {
  readonly name: string
  readonly version: string
  readonly folder: string
}

function packagesIn(cwd: string): readonly Installed[] {
  const scope = scopeFrom(cwd)
  if (scope === null) return []
  return readdirSync(scope)
    .filter((name) => existsSync(join(scope, name, 'package.json')))
    .map((name) => {
      const folder = realpathSync(join(scope, name))
      const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      return { name: `@tessera/${name}`, version: String(version), folder }
    })
}

/** The nearest packages, as Node looks for them. */
function scopeFrom(folder: string): string | null {
  const scope = join(folder, 'node_modules', '@tessera')
  if (existsSync(scope)) return scope
  return dirname(folder) === folder ? null : scopeFrom(dirname(folder))
}

/** The core of a package. */
function coreOf(folder: string): readonly string[] {
  try {
    return [realpathSync(createRequire(join(folder, 'package.json')).resolve('@tessera/core'))]
  } catch {
    return []
  }
}
