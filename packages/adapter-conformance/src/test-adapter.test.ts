import { describe, expect, it } from 'vitest'
import { nodeAdapter } from './stage/reference.ts'
import { testAdapter } from './test-adapter.ts'

testAdapter({ name: "Node's own server", serve: nodeAdapter() })

describe('testAdapter', () => {
  it.each([
    ['serve', { name: 'a' }],
    ['name', { serve: nodeAdapter() }],
    ['server', { name: 'a', serve: nodeAdapter(), server: 1 }],
  ])('refuses a subject with a wrong part: %s', (part, subject) => {
    expect(() => testAdapter(subject as never)).toThrow(`"${part}"`)
  })
})
