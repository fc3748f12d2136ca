import { plain } from '@tessera/http'
import { describe, expect, it } from 'vitest'
import { openGuarded } from '../testing/open-guarded.ts'
import { OWNER, bearer } from '../testing/open-tokens.ts'
import type { AuthenticateOptions } from './authenticate-options.ts'

async function open(options: AuthenticateOptions) {
  const { tokens, ask } = await openGuarded(options)
  async function askWith(...scopes: string[]) {
    const { secret } = await tokens.issue({ owner: OWNER, name: 'CI', scopes })
    return ask('GET', '/', { headers: bearer(secret) })
  }
  return { tokens, ask, askWith }
}

const challengeFor = (scope: string) => expect.stringMatching(`error="insufficient_scope".*, scope="${scope}"`)

describe('authenticate: scopes', () => {
  it('lets a token with all of the scopes through, and names them to any other', async () => {
    const { askWith } = await open({ scopes: ['jobs:read', 'jobs:write'] })
    await expect(askWith('jobs:write', 'jobs:read')).resolves.toMatchObject({ status: 200 })
    await expect(askWith('jobs:read')).resolves.toMatchObject({
      status: 403,
      headers: { 'www-authenticate': challengeFor('jobs:read jobs:write') },
    })
  })

  it('lets a token with one of anyScope through', async () => {
    const { askWith } = await open({ anyScope: ['jobs:read', 'jobs:write'], dialect: plain })
    await expect(askWith('jobs:write')).resolves.toMatchObject({ status: 200 })
    await expect(askWith('runs:read')).resolves.toMatchObject({
      status: 403,
      headers: { 'www-authenticate': challengeFor('jobs:read jobs:write') },
      json: { error: { code: 'FORBIDDEN', details: { scopes: ['jobs:read', 'jobs:write'] } } },
    })
  })

  it('counts what it refuses', async () => {
    const { tokens, askWith } = await open({ scopes: ['jobs:read'] })
    await askWith()
    expect(tokens.stats()).toMatchObject({ accepted: 0, refused: { insufficient_scope: 1 } })
  })

  it('asks nobody for a scope whom optional lets through, and any token', async () => {
    const { ask, askWith } = await open({ scopes: ['jobs:read'], optional: true })
    await expect(ask('GET', '/')).resolves.toMatchObject({ status: 200 })
    await expect(askWith()).resolves.toMatchObject({ status: 403 })
  })
})

describe('authenticate: scopeRequired', () => {
  it('refuses every token on a route that names no scope, and says nothing of the scopes there are', async () => {
    const { ask, askWith } = await open({ scopeRequired: true })
    const refusal = await askWith('jobs:read', 'jobs:write')
    expect(refusal).toMatchObject({
      status: 403,
      headers: { 'www-authenticate': expect.not.stringContaining(' scope=') },
    })
    expect(refusal.text).not.toContain('jobs')
    await expect(ask('GET', '/')).resolves.toMatchObject({ status: 401 })
    await expect(ask('GET', '/', { headers: bearer('x') })).resolves.toMatchObject({ status: 401 })
  })

  it.each([{ scopes: ['jobs:read'] }, { anyScope: ['jobs:read'] }])(
    'leaves one that names a scope as it is: %o',
    async (named) => {
      const { askWith } = await open({ ...named, scopeRequired: true })
      await expect(askWith('jobs:read')).resolves.toMatchObject({ status: 200 })
      await expect(askWith('jobs:write')).resolves.toMatchObject({ status: 403 })
    },
  )
})
