import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Of what is measured beside our own packages: those that `test` depends on, which are pinned, and `redis-server`. */
export function readVersions(): Record<string, string> {
  const { devDependencies } = JSON.parse(readFileSync(join('test', 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>
  }
  const others = Object.entries(devDependencies).filter(
    ([name, version]) => !name.startsWith('@types/') && !version.startsWith('workspace:'),
  )
  const redis = /v=(\S+)/.exec(execFileSync('redis-server', ['--version'], { encoding: 'utf8' }))?.[1] ?? 'unknown'
  return { ...Object.fromEntries(others), 'redis-server': redis }
}
