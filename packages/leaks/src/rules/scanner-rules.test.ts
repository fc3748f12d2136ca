import { generateSecret, secretPattern } from '@tessera/core'
import * as fc from 'fast-check'
import { RE2 } from 're2-wasm'
import { parse as parseToml } from 'smol-toml'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { findByHyperscan, hasHyperscan } from '../../testing/hyperscan.ts'
import { scannerRules } from './scanner-rules.ts'

const prefixes = ['acme_pat', 'pat', 'old']
const { source: expression } = secretPattern('acme_pat', 'pat', 'old')

interface GitleaksFile {
  readonly extend: object
  readonly rules: readonly { readonly id: string; readonly regex: string; readonly keywords: readonly string[] }[]
}

describe('scannerRules', () => {
  it('writes a file for gitleaks that keeps its own rules', () => {
    expect(parseToml(scannerRules('gitleaks', { prefixes }))).toEqual({
      title: 'API tokens: acme_pat',
      extend: { useDefault: true },
      rules: [
        {
          id: 'acme_pat',
          description: 'An API token of acme_pat. Revoke it.',
          regex: expression,
          keywords: ['acme_pat_', 'pat_', 'old_'],
        },
      ],
    })
  })

  it('writes a ruleset for GitLab, with the file for its gitleaks inside', () => {
    const { secrets } = parseToml(scannerRules('gitlab', { prefixes, name: 'acme' })) as unknown as {
      readonly secrets: { readonly passthrough: readonly { readonly value: string }[] }
    }
    const [passed = { value: '' }] = secrets.passthrough
    expect(passed).toMatchObject({ type: 'raw', target: 'gitleaks.toml' })
    const { extend, rules } = parseToml(passed.value) as unknown as GitleaksFile
    expect(extend).toEqual({ path: '/gitleaks.toml' })
    expect(rules).toMatchObject([{ id: 'acme', regex: expression }])
  })

  it('writes a configuration for trufflehog', () => {
    expect(parseYaml(scannerRules('trufflehog', { prefixes, name: 'acme' }))).toEqual({
      detectors: [{ name: 'acme', keywords: ['acme_pat_', 'pat_', 'old_'], regex: { token: expression } }],
    })
  })

  it("writes the fields of GitHub's form, with an example that they find", () => {
    const rules = scannerRules('github', { prefixes })
    const [name, format = '', example = ''] = rules.split('\n').map((line) => line.replace(/^[^:]*: /, ''))
    expect([name, format]).toEqual(['acme_pat', expression])
    expect(new RegExp(`^${format}$`).test(example)).toBe(true)
  })

  it('refuses what would find nothing, or break the file', () => {
    const call = (scanner: string, options: object) => () => scannerRules(scanner as never, options as never)
    expect(call('__proto__', { prefixes })).toThrow('the scanner is one of github, gitlab, gitleaks, trufflehog')
    for (const wrong of [{}, { prefixes: [] }, { prefixes: ['.*'] }, { prefixes, name: "'" }, { prefixes, nmae: 'a' }])
      expect(call('gitleaks', wrong)).toThrow(TypeError)
  })
})

/** Texts with a secret of the prefixes, and texts that are one character away from one. */
const samples = fc.record({
  prefix: fc.constantFrom(...prefixes),
  before: fc.string({ maxLength: 20 }),
  after: fc.string({ maxLength: 20 }),
  at: fc.nat(40),
})
const found = fc.sample(samples, 100).map(({ prefix, before, after }) => before + generateSecret(prefix, '9G') + after)
const missed = fc.sample(samples, 100).flatMap(({ prefix, at }) => {
  const secret = generateSecret(prefix, '9G')
  const tail = secret.length - 48
  return [
    secret.slice(0, -1),
    `${secret.slice(0, tail + at)}-${secret.slice(tail + at + 1)}`,
    secret.toUpperCase().replace('_', '-'),
    generateSecret('other', '9G'),
    generateSecret(prefix, 'GW'),
    `${secret.slice(0, -6)}5${secret.slice(-5)}`,
  ]
})
const hostile = ['acme_pat_', `acme_pat_${'0'.repeat(40)}`, 'pat_0'].map((piece) =>
  piece.repeat(Math.floor(1_000_000 / piece.length)),
)

describe.each([
  ['RE2, the engine of gitleaks and trufflehog', findByRe2, true],
  ['Hyperscan, the engine of GitHub', findByHyperscan, hasHyperscan],
] as const)('the expression on %s', (_, find, isThere) => {
  it.runIf(isThere)('finds every secret, no near miss, and nothing in a hostile megabyte', () => {
    expect(find(expression, found).filter((isFound) => !isFound)).toEqual([])
    expect(find(expression, [...missed, ...hostile]).filter(Boolean)).toEqual([])
  })
})

function findByRe2(source: string, texts: readonly string[]): readonly boolean[] {
  const engine = new RE2(source, 'u')
  return texts.map((text) => engine.test(text))
}
