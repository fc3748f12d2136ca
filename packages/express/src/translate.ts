import { bodyUsed, errorResponse, nodeHeaders, readStream, writeOAuthError } from '@tessera/http'
import type { Caller, HttpHeaders, HttpRequest, HttpResponse, Problem } from '@tessera/http'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { askedOf, challengeOf } from './auth.ts'
import type { AuthenticateOptions } from './authenticate-options.ts'

const AUTHORIZATION = 'authorization'

/** An async handler for Express 4 too: that does not forward rejected promises. */
export function forwardingErrors(handle: (...args: Parameters<RequestHandler>) => Promise<void>): RequestHandler {
  return (req, res, next) => {
    handle(req, res, next).catch(next)
  }
}

export function toHttpRequest(req: Request, caller: Caller | null): HttpRequest {
  const headers = nodeHeaders(req)
  return {
    method: req.method,
    path: req.path,
    query: queryOf(req),
    headers,
    params: req.params,
    caller,
    ...askedOf(req),
    challenge: challengeOf(req),
    decoded: true,
    readBody: () => readBody(req, headers),
  }
}

/**
 * Every `Authorization` as it arrived. `req.headers` keeps only the first of two. `req.headersDistinct` sorts all
 * headers, and costs as much as the rest of an authentication.
 */
export function authorizationOf({ rawHeaders }: Request): Pick<HttpHeaders, 'authorization'> {
  const values: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (name.length !== AUTHORIZATION.length || name.toLowerCase() !== AUTHORIZATION) continue
    values.push(rawHeaders[index + 1] ?? '')
  }
  return { authorization: values }
}

/** The bytes of the body, or the value in `req.body` left by a parser of Express or of the app. */
async function readBody(req: Request, { 'content-encoding': contentEncoding }: HttpHeaders): Promise<unknown> {
  if (!req.readableDidRead) return readStream(req, { contentEncoding })
  if (req.body === undefined) throw bodyUsed()
  return req.body
}

export function send(res: Response, { status, headers, body }: HttpResponse): void {
  // A 304 would have the length of what it stands for (RFC 9110 §8.6).
  const length = status === 304 ? {} : { 'Content-Length': Buffer.byteLength(body) }
  res.writeHead(status, { ...headers, ...length }).end(body)
}

/** Answers with the problem, or hands it to the app's own error handling. */
export function refuse(problem: Problem, res: Response, next: NextFunction, options: AuthenticateOptions): void {
  if (options.forwardErrors === true) next(problem)
  else send(res, errorResponse(problem, options.dialect?.writeError ?? writeOAuthError))
}

/** The text after `?`, as it came. */
export function queryOf(req: Request): string {
  const mark = req.url.indexOf('?')
  return mark === -1 ? '' : req.url.slice(mark + 1)
}
