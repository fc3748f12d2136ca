import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../support/run-process.ts'
import type { ScratchProject } from '../support/scratch-project.ts'
import { TOOLS, runTool, startConsumer } from './tools.ts'

const TEST = `
import { createTokens } from '@tessera/core'
import { authenticate } from '@tessera/express'
import { memoryStore } from '@tessera/memory-store'

it('accepts its token, and no other', async () => {
  const tokens = createTokens({ store: memoryStore(), prefix: 'acme_pat' })
  const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: ['jobs:read'] })
  expect(await tokens.verify(secret)).toMatchObject({ ok: true })
  expect(await tokens.verify('acme_pat_')).toEqual({ ok: false, reason: 'malformed' })
  await expect(tokens.get('acme', 'x')).resolves.toBeNull()
  expect(typeof authenticate(tokens)).toBe('function')
  await tokens.close()
})
`

/** The configuration that the guide shows, by its place in it. */
function shown(place: number): string {
  const guide = readFileSync(join(root, 'docs/tools.md'), 'utf8')
  return [...guide.matchAll(/```[cm]js\n(.*?)```/gs)][place]?.[1] ?? ''
}

let project: ScratchProject

beforeAll(() => {
  project = startConsumer()
  project.borrow(TOOLS, 'jest', 'ts-jest', 'typescript', '@types/jest')
}, 120_000)

afterAll(() => project.remove())

describe('the recipes for Jest', { timeout: 120_000 }, () => {
  it.each([
    ['CommonJS, with ts-jest', 0, 'jest.config.cjs', 'tokens.test.ts', {}],
    ['ES modules', 1, 'jest.config.mjs', 'tokens.test.mjs', { NODE_OPTIONS: '--experimental-vm-modules' }],
  ])('%s', (_name, place, config, file, env) => {
    project.write(config, shown(place))
    project.write(file, TEST)
    const report = JSON.parse(runTool(project, 'jest/bin/jest.js', ['--config', config, '--json', file], env))
    expect(report).toMatchObject({ numPassedTests: 1, numFailedTests: 0 })
  })
})
