import { serveHandler } from '@tessera/express'
import type { Tokens } from '@tessera/core'
import { tokenPage } from '@tessera/token-page'
import express from 'express'
import type { Express, Request } from 'express'
import { apis } from './apis.ts'

export const pagePath = '/tokens'
export const loginPath = '/login'

/** What each person may grant; `null` for everything. */
const PEOPLE: ReadonlyMap<string, readonly string[] | null> = new Map([
  ['admin', null],
  ['member', ['jobs:read', 'jobs:write']],
])
const COOKIE = /(?:^|; *)person=([a-z]+)/
const NO_PASSWORD = 'This demonstration asks for no password.'

/** The token page of the fifth API, for people of its owner, and their login. */
export function mountPeople(app: Express, tokens: Tokens): void {
  const page = tokenPage(tokens, {
    signIn: loginPath,
    scopes: {
      'jobs:read': 'Read jobs',
      'jobs:write': 'Start and cancel jobs',
      'tokens:read': 'List tokens',
      'tokens:write': 'Make, change and revoke tokens',
      'tokens:revoke-all': 'Revoke many tokens at once',
    },
    texts: { intro: `Tokens let programs call the API for you. ${NO_PASSWORD}` },
  })
  app.use(pagePath, serveHandler(page, { caller: personOf }))
  app.get(loginPath, (_req, res) => res.set('Cache-Control', 'no-store').send(LOGIN))
  app.post(loginPath, express.urlencoded({ extended: false }), (req, res) => {
    const person = String(req.body?.person)
    if (!PEOPLE.has(person)) return res.status(400).send(LOGIN)
    return res.cookie('person', person, { httpOnly: true, sameSite: 'lax' }).redirect(303, pagePath)
  })
}

function personOf({ headers: { cookie = '' } }: Request) {
  const [, person = ''] = COOKIE.exec(cookie) ?? []
  const scopes = PEOPLE.get(person)
  return scopes === undefined ? null : { owner: apis.standard.owner, scopes, createdBy: person }
}

const LOGIN = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sign in</title><main><h1>Sign in</h1><p>${NO_PASSWORD}</p>
<form method="post" action="${loginPath}"><label for="person">Person</label>
<select id="person" name="person">${[...PEOPLE.keys()].map((name) => `<option>${name}</option>`).join('')}</select>
<button>Sign in</button></form></main></html>`
