import type { Tokens } from '@tessera/core'
import { authenticate, getAuth, requireScopes, revocationRouter, serveHandler, tokenRouter } from '@tessera/express'
import { Problem, methodNotAllowed } from '@tessera/http'
import type { Dialect } from '@tessera/http'
import { openApiHandler } from '@tessera/openapi'
import express from 'express'
import type { ErrorRequestHandler, Express, RequestHandler } from 'express'
import { apiNames, apis, revocationPath } from './apis.ts'
import type { Api, ApiName } from './apis.ts'
import { documentOf, documentPath } from './documents.ts'
import { mountPeople } from './people.ts'
import { mountStream } from './stream.ts'

const FAULT = 'Something went wrong on our side.'

/**
 * All APIs in one Express app, and the token page and the stream of the fifth.
 *
 * @param stopping Aborts when the server stops. Default never.
 */
export function createApp(
  tokens: Readonly<Record<ApiName, Tokens>>,
  stopping: AbortSignal = new AbortController().signal,
): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(literalPaths)
  app.use(revocationPath, revocationRouter(tokens.plain))
  for (const name of apiNames) {
    app.use(documentPath(name), serveHandler(openApiHandler(documentOf(name, tokens[name]))))
    mount(app, apis[name], tokens[name])
  }
  mountPeople(app, tokens.standard)
  mountStream(app, tokens.standard, stopping)
  app.use((_req, res) => void res.status(404).json({ error: { code: 'not_found', message: 'There is nothing here.' } }))
  app.use(answerError)
  return app
}

function mount(app: Express, api: Api, tokens: Tokens): void {
  const { dialect, path, protectedPath, protects, mayOutlive } = api
  const signedIn = authenticate(tokens, { dialect })
  app.use(path, signedIn, tokenRouter(tokens, { dialect, mayOutlive }))

  const scopes = new Map(Object.entries(protects))
  app.all(protectedPath, signedIn, (req, res, next) => {
    dialect.checkOwner?.({ params: req.params, query: '' }, getAuth(req).owner)
    const scope = scopes.get(req.method === 'HEAD' ? 'GET' : req.method)
    if (scope === undefined) throw methodNotAllowed(['HEAD', ...scopes.keys()].sort())
    requireScopes(scope)(req, res, next)
  })
  app.all(protectedPath, (req, res) => {
    const { owner, name } = getAuth(req)
    res.set('Cache-Control', 'no-store').json({ owner, calledWith: name })
  })
  app.use([path, protectedPath], wordErrors(dialect))
}

// What cannot be decoded names nothing. Taken literally, it gets the ordinary answer of the API that it is under.
const literalPaths: RequestHandler = (req, _res, next) => {
  try {
    decodeURIComponent(req.path)
  } catch {
    req.url = req.url.replaceAll('%', '%25')
  }
  next()
}

// Express takes a function of four parameters for an error handler.
function wordErrors({ writeError, errorType = 'application/json; charset=utf-8' }: Dialect): ErrorRequestHandler {
  return (error, _req, res, _next) => {
    const problem = error instanceof Problem ? error : new Problem('internal', FAULT)
    if (problem !== error) console.error(error)
    res.status(problem.status).set({ ...problem.headers, 'Content-Type': errorType })
    // Express would give a text a charset.
    res.send(Buffer.from(JSON.stringify(writeError(problem))))
  }
}

const answerError: ErrorRequestHandler = (error, _req, res, _next) => {
  console.error(error)
  res.status(500).json({ error: { code: 'internal', message: FAULT } })
}
