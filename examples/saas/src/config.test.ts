import { describe, expect, it } from 'vitest'
import { readConfig, urlOf } from './config.ts'

const production = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://app.example.com/',
  SESSION_SECRET: 'thirty-two characters, or more...',
}

describe('readConfig', () => {
  it('needs nothing on a bare machine', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      databaseUrl: 'sqlite:saas.db',
      isHttps: false,
    })
  })

  it('has the origin without its slash, and knows https', () => {
    expect(readConfig(production)).toMatchObject({ origin: 'https://app.example.com', isHttps: true })
  })

  it.each([
    [{ PORT: '70000' }, 'PORT must be an integer from 0 to 65535'],
    [{ PROXIES: 'one' }, 'PROXIES must be an integer'],
    [{ DATABASE_URL: 'mysql://root:hunter2@db' }, 'DATABASE_URL must be sqlite:FILE or postgres'],
    [{ PUBLIC_URL: 'app.example.com' }, 'PUBLIC_URL must be an origin'],
    [{ PUBLIC_URL: 'https://root:hunter2@app.example.com' }, 'PUBLIC_URL must be an origin'],
    [{ PUBLIC_URL: 'https://app.example.com?from=there' }, 'PUBLIC_URL must be an origin'],
    [{ ...production, PUBLIC_URL: '' }, 'PUBLIC_URL must be set in production'],
    [{ ...production, SESSION_SECRET: '' }, 'SESSION_SECRET must be set in production'],
    [{ SESSION_SECRET: 'short' }, 'SESSION_SECRET must have at least 32 characters'],
    [{ LEAK_WEBHOOK_SECRET: 'short' }, 'LEAK_WEBHOOK_SECRET must have at least 32 characters'],
  ])('refuses %j by name, and repeats no password', (env, message) => {
    expect(() => readConfig(env)).toThrow(message)
    expect(() => readConfig(env)).not.toThrow('hunter2')
  })
})

describe('urlOf', () => {
  it('writes an IPv6 address in brackets', () => {
    expect([urlOf('127.0.0.1', 3000), urlOf('::1', 3000)]).toEqual(['http://127.0.0.1:3000', 'http://[::1]:3000'])
  })
})
