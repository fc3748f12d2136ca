import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useByImport } from '../support/packed-use.ts'
import type { ScratchProject } from '../support/scratch-project.ts'
import { runTool, startConsumer } from './tools.ts'

const VERSIONS = { '5.0': 'typescript50', '5.9': 'typescript59', '6.0': 'typescript', '7.0': 'typescript7' }

const ESM = { module: 'nodenext' }
const BUNDLER = { module: 'esnext', moduleResolution: 'bundler' }
const COMMON_JS = { module: 'commonjs', moduleResolution: 'node10', esModuleInterop: true }

const settings: readonly (readonly [version: keyof typeof VERSIONS, file: string, options: object])[] = [
  ['5.0', 'use.mts', ESM],
  ['5.0', 'use.ts', BUNDLER],
  ['5.0', 'use.ts', COMMON_JS],
  ['5.9', 'use.cts', { ...ESM, esModuleInterop: true }],
  ['6.0', 'use.ts', { ...COMMON_JS, ignoreDeprecations: '6.0' }],
  ['7.0', 'use.mts', ESM],
  ['7.0', 'use.ts', BUNDLER],
]

let project: ScratchProject

beforeAll(() => {
  project = startConsumer()
  for (const file of ['use.ts', 'use.mts', 'use.cts']) project.write(file, useByImport)
}, 120_000)

afterAll(() => project.remove())

describe('an app with strict types, declarations checked too', () => {
  it.each(settings)('compiles with TypeScript %s: %s, %o', { timeout: 120_000 }, (version, file, options) => {
    const compilerOptions = { target: 'es2022', strict: true, noEmit: true, types: ['node'], ...options }
    project.write('tsconfig.json', JSON.stringify({ compilerOptions, files: [file] }))
    expect(runTool(project, `${VERSIONS[version]}/bin/tsc`, [])).toBe('')
  })
})
