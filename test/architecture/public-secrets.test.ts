import { describe, expect, it } from 'vitest'
import { exampleSources, readmeBlocks } from '../support/readmes/readmes.ts'
import { publicSecrets } from './public-secrets.ts'

describe('publicSecrets', () => {
  it.each([
    ["clientSecrets({ gateway: process.env.GATEWAY_SECRET ?? 'at least 16 characters' })", ['GATEWAY_SECRET']],
    ['const pepper = process.env[\'PEPPER\'] || "0123456789"', ['PEPPER']],
    ['process.env.KEY ??= `text`', ['KEY']],
    ["const { CLIENT_ID: id = 'gateway', CLIENT_SECRET: secret = 'of the gateway' } = process.env", ['CLIENT_SECRET']],
    ["const { SECRET = 'x', PORT } = process.env", ['SECRET']],
    ["clientSecrets({ gateway: 'a long random secret' })", ['clientSecrets']],
    ["createTokens({ store, pepper: 'a long text' })", ['pepper']],
    ["pepper: { current: 'a long text' }", ['pepper']],
    ["pepper: { current, retired: ['a long text'] }", ['pepper']],
  ])('finds what everybody knows: %s', (code, names) => {
    expect(publicSecrets(code)).toEqual(names)
  })

  it.each([
    'Number(process.env.PORT ?? 3000)',
    "new Redis(process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379')",
    "clientSecrets({ gateway: process.env.GATEWAY_SECRET ?? randomBytes(32).toString('base64url') })",
    "clientSecrets({ [id]: process.env['GATEWAY_SECRET'] })",
    "createTokens({ pepper: process.env.PEPPER, prefix: 'acme' })",
    "createTokens({ pepper: { current: process.env.NEW, retired: [process.env.OLD] }, prefix: 'acme' })",
  ])('passes over %s', (code) => {
    expect(publicSecrets(code)).toEqual([])
  })
})

describe('an example', () => {
  const programs = [
    ...readmeBlocks('ts', 'js', 'tsx', 'mjs', 'sh', 'console').map(({ readme, line, code }) => ({
      at: `${readme}:${line}`,
      code,
    })),
    ...exampleSources().map((code, place) => ({ at: `examples, source ${place}`, code })),
  ]

  it.each(programs)('has no secret that everybody knows: $at', ({ code }) => {
    expect(publicSecrets(code)).toEqual([])
  })
})
