import express from 'express'
import type { Express, RequestHandler } from 'express'
import type { Middleware } from '../in-process/peers/middleware-row.ts'

/** One app with one route, and the requests that are sent to it in turn. */
export interface Route {
  readonly name: string
  readonly note: string | null
  readonly app: Express
  readonly requests: readonly string[]
}

/** `GET /jobs` for everybody. The requests carry the same tokens as those of a guarded route. */
export function openRoute(tokens: readonly string[]): Route {
  const app = express()
  app.get('/jobs', (_req, res) => void res.json({ jobs: [], owner: 'owner-0' }))
  return { name: 'open route', note: null, app, requests: tokens.map((token) => getRequest('/jobs', token)) }
}

/** `GET /jobs` behind a middleware. The answer names the owner that the middleware found. */
export function guardedRoute({ name, note, handler, tokens, ownerOf }: Middleware): Route {
  const app = express()
  const jobs: RequestHandler = (req, res) => {
    const owner = ownerOf(req)
    if (typeof owner === 'string') res.json({ jobs: [], owner })
    else res.status(500).end()
  }
  app.get('/jobs', handler, jobs)
  return { name, note, app, requests: tokens.map((token) => getRequest('/jobs', token)) }
}

export function getRequest(path: string, token: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n\r\n`
}

export function formRequest(path: string, body: string): string {
  const type = 'application/x-www-form-urlencoded'
  const head = `Host: 127.0.0.1\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}`
  return `POST ${path} HTTP/1.1\r\n${head}\r\n\r\n${body}`
}
