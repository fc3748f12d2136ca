import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcomeOfUse, useByImport } from '../support/packed-use.ts'
import type { ScratchProject } from '../support/scratch-project.ts'
import { TOOLS, runTool, startConsumer } from './tools.ts'

let project: ScratchProject

beforeAll(() => {
  project = startConsumer()
  project.borrow(TOOLS, 'webpack')
  project.write('use.mjs', useByImport)
  project.write('use.ts', useByImport)
}, 120_000)

afterAll(() => project.remove())

function outcomeOf(file: string): unknown {
  return JSON.parse(project.run(process.execPath, [file]))
}

/** Express is CommonJS, and asks for modules of Node by `require`. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)"

const WEBPACK = `
import webpack from 'webpack'

const options = { mode: 'none', target: 'node20', entry: './use.mjs', output: { path: process.cwd(), filename: 'webpack.cjs' } }
webpack(options, (error, stats) => {
  if (error ?? stats.hasErrors()) throw error ?? new Error(stats.toString())
})
`

describe('an app in one file', { timeout: 60_000 }, () => {
  it.each([
    ['esm', 'esbuild.mjs', REQUIRE],
    ['cjs', 'esbuild.cjs', ''],
  ])('is made by esbuild, as %s', (format, file, banner) => {
    const options = ['--bundle', '--platform=node', `--format=${format}`, `--outfile=${file}`, `--banner:js=${banner}`]
    runTool(project, 'esbuild/bin/esbuild', ['use.mjs', ...options])
    expect(outcomeOf(file)).toEqual(outcomeOfUse)
  })

  it('is made by webpack', () => {
    project.write('webpack.mjs', WEBPACK)
    project.run(process.execPath, ['webpack.mjs'])
    expect(outcomeOf('webpack.cjs')).toEqual(outcomeOfUse)
  })

  it('is made by Vite for a server', () => {
    project.write('vite.config.mjs', 'export default { ssr: { noExternal: /^@tessera\\// } }')
    runTool(project, 'vite/bin/vite.js', ['build', '--ssr', 'use.mjs', '--outDir', 'vite', '--logLevel', 'error'])
    expect(outcomeOf('vite/use.mjs')).toEqual(outcomeOfUse)
  })
})

it('an app in TypeScript runs by tsx', () => {
  expect(JSON.parse(runTool(project, 'tsx/dist/cli.mjs', ['use.ts']))).toEqual(outcomeOfUse)
})
