import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCommand } from './command-line.ts'

const context = { known: ['in-process', 'redis'], folder: 'results', now: new Date('2026-07-01T10:00:00Z') }

describe('readCommand', () => {
  it('takes all suites when none is named, and a file named after the time', () => {
    const json = join('results', '2026-07-01T10-00-00.000Z.json')
    expect(readCommand([], context)).toEqual({ names: ['in-process', 'redis'], json, markdown: null })
  })

  it('takes those that are named, once and in their order', () => {
    expect(readCommand(['redis'], context).names).toEqual(['redis'])
    expect(readCommand(['redis', 'in-process', 'redis'], context).names).toEqual(['in-process', 'redis'])
  })

  it('takes paths to write to', () => {
    const args = ['redis', '--json', 'out.json', '--markdown', 'out.md']
    expect(readCommand(args, context)).toMatchObject({ json: 'out.json', markdown: 'out.md' })
  })

  it('refuses a name that it does not know, with those there are', () => {
    expect(() => readCommand(['mongo'], context)).toThrow('no such suite: mongo; there are in-process, redis')
  })

  it('refuses an option that it does not know', () => {
    expect(() => readCommand(['--fast'], context)).toThrow('--fast')
  })
})
