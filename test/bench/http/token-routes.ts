import { createTokens } from '@tessera/core'
import { authenticate, listRouter, revocationRouter } from '@tessera/express'
import { plain } from '@tessera/http'
import { memoryStore } from '@tessera/memory-store'
import express from 'express'
import { formRequest, getRequest } from './route.ts'
import type { Route } from './route.ts'

const LISTED = 50

/** Routes about tokens, each behind one that answers the same without asking anybody. */
export interface TokenRoutes {
  readonly routes: readonly Route[]
  /** Requests that revoke tokens which are issued for them. */
  revocations(count: number): Promise<readonly string[]>
}

export async function tokenRoutes(): Promise<TokenRoutes> {
  const tokens = createTokens({ store: memoryStore(), prefix: 'ot_pat', activeLimit: null })
  const issue = async (owner: string, number: number) => {
    const scopes = ['jobs:read', 'runs:read', 'runs:write']
    return (await tokens.issue({ owner, name: `token ${number}`, scopes })).secret
  }
  let secret = ''
  for (let number = 0; number < LISTED; number += 1) secret = await issue('acme', number)
  const listRequests = [getRequest('/tokens', secret)]

  const list = express()
  list.use('/tokens', authenticate(tokens), listRouter(tokens, { dialect: plain }))
  const { tokens: all } = await tokens.list('acme', { sort: { by: 'createdAt', direction: 'desc' }, window: 'all' })
  const page = { tokens: all.map((token) => plain.writeToken(token, { callerId: null })) }
  const openList = express()
  openList.get('/tokens', (_req, res) => void res.json(page))

  const revoke = express()
  revoke.use('/revoke', revocationRouter(tokens))
  const openRevoke = express()
  openRevoke.post('/revoke', express.urlencoded({ extended: false }), (req, res) => {
    const isAsked = typeof Reflect.get(req.body, 'token') === 'string'
    res.status(isAsked ? 200 : 400).end()
  })
  const note = 'memory-store, each secret once'
  let issued = 0
  return {
    routes: [
      { name: `open route, ${LISTED} tokens as JSON`, note: null, app: openList, requests: listRequests },
      { name: 'listRouter', note: 'memory-store, authenticated', app: list, requests: listRequests },
      { name: 'open route, express.urlencoded', note: null, app: openRevoke, requests: [revocationOf(secret)] },
      { name: 'revocationRouter', note, app: revoke, requests: [] },
    ],
    async revocations(count) {
      const requests: string[] = []
      while (requests.length < count) {
        issued += 1
        requests.push(revocationOf(await issue(`owner-${Math.floor(issued / 10)}`, issued)))
      }
      return requests
    },
  }
}

function revocationOf(secret: string): string {
  return formRequest('/revoke', `token=${secret}`)
}
