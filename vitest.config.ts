import { readdirSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { faultTable } from './test/faults/table.ts'
import { isLongRun } from './test/support/how-much.ts'

const root = import.meta.dirname
const packages = readdirSync(`${root}/packages`)
const alias = packages.map((name) => ({
  find: new RegExp(`^@tessera/${name}$`),
  replacement: `${root}/packages/${name}/src/index.ts`,
}))
const express4 = { find: /^express$/, replacement: 'express4' }

/** They weigh the heap of their process, or fill it, and get one of their own each. */
const weighing = [
  'test/bench/harness/allocation.test.ts',
  'packages/cached-store/src/records/record-bytes.test.ts',
  'packages/cached-store/src/records/records.test.ts',
  'packages/memory-store/src/memory-store.test.ts',
  'test/abuse/tokens-in-use.test.ts',
]

/**
 * Alike on every version of Node: the conformance suite's tests of itself, and its cases on PostgreSQL, models, and how a Redis
 * fails over. The gate runs them on one version.
 */
const ofAnyNode = [
  'packages/postgres-store/src/postgres-store.test.ts',
  'packages/store-conformance/{src,testing}/**/*.test.ts',
  'packages/*/src/**/*.{model,cluster,failover}.test.ts',
]

/** They let hours of fake time pass, and timers that other files of their process left behind would run as well. */
const ofFakeTime = [
  'packages/core/src/manage/unused-tokens.test.ts',
  'packages/core/src/setup/schedule.test.ts',
  'packages/core/src/watch/watch-token.test.ts',
  'packages/core/src/verify/uses/{frozen-process,record-use,record-use-extending}.test.ts',
]

const project = (
  name: string,
  include: string[],
  { aliases = alias, exclude = [] as string[], isolate = false } = {},
) => ({
  root,
  resolve: { alias: aliases },
  test: {
    name,
    include,
    exclude: ['**/node_modules/**', '**/dist/**', ...exclude],
    // A process for each file costs more than most files: starting it, and loading the sources once more.
    isolate,
    // For a test that hangs, not for a machine that is loaded.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    setupFiles: [`${root}/test/support/property-seed.ts`],
  },
})

const isOtherNode = process.env['TESSERA_OTHER_NODE'] !== undefined
const onlyInLongRuns = ['test/faults/leases/one-file.test.ts', 'test/faults/postgres/leased.test.ts']

export default defineConfig({
  test: {
    ...(isLongRun && { reporters: ['default', faultTable] }),
    // One more than cores: many tests wait for a server to fail over, or to start. The long run counts every 503.
    maxWorkers: isLongRun ? 2 : 3,
    // Few projects: each transforms the sources that it loads, and starts processes that load them.
    projects: [
      project(
        'packages',
        packages.map((name) => `packages/${name}/{src,testing}/**/*.test.ts`),
        { exclude: [...weighing, ...ofFakeTime, ...(isOtherNode ? ofAnyNode : [])] },
      ),
      project('weighing', weighing, { isolate: true }),
      project('of-fake-time', ofFakeTime, { isolate: true }),
      project('express-4', ['packages/express/src/**/*.test.ts'], { aliases: [...alias, express4] }),
      project(
        'workspace',
        ['test/!(consumers|built-site)/**/*.test.ts', 'examples/*/**/*.test.ts', 'site/build/**/*.test.ts'],
        { exclude: [...weighing, ...(isLongRun ? [] : onlyInLongRuns)] },
      ),
      ...(process.env['TESSERA_CONSUMERS'] === undefined
        ? []
        : [project('consumers', ['test/consumers/*.test.ts']), project('built-site', ['test/built-site/*.test.ts'])]),
    ],
    coverage: {
      provider: 'v8',
      include: ['packages/{core,http}/src/**/*.ts'],
      exclude: ['**/*.test.ts'],
      reporter: [['text', { skipFull: true }]],
      thresholds: {
        'packages/core/src/**': { branches: 95 },
        'packages/http/src/**': { branches: 95 },
      },
    },
  },
})
