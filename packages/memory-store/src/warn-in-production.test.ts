import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { memoryStore } from './memory-store.ts'

const dist = new URL('../dist/index.js', import.meta.url).href

/** The warnings of a process that makes two stores. */
function warningsOf(options: string, nodeEnv: string): string {
  const program = `import { memoryStore } from '${dist}'; memoryStore(${options}); memoryStore(${options})`
  const env = { ...process.env, NODE_ENV: nodeEnv }
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], { env, encoding: 'utf8' }).stderr
}

describe('memoryStore', () => {
  it('warns once where NODE_ENV is production, and says what to do', () => {
    const warnings = warningsOf('', 'production').split('TESSERA_MEMORY_STORE')
    expect(warnings).toHaveLength(2)
    expect(warnings[1]).toContain('@tessera/sqlite-store')
  })

  it('warns nowhere else, and not where the app says that it may lose its tokens', () => {
    expect(warningsOf('', 'development')).toBe('')
    expect(warningsOf('', 'test')).toBe('')
    expect(warningsOf('{ inProduction: true }', 'production')).toBe('')
  })

  it('refuses an unknown or wrong option', () => {
    for (const leaseMs of [9, 10_001, 12.5, '100'] as never[]) {
      expect(() => memoryStore({ leaseMs })).toThrow(
        'option "leaseMs" must be a whole number of milliseconds, 10 to 10,000',
      )
    }
    expect(() => memoryStore({ production: true } as never)).toThrow('memoryStore: unknown option "production"')
    expect(() => memoryStore({ inProduction: 'yes' } as never)).toThrow('option "inProduction" must be true or false')
  })
})
