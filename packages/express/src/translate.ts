import { announcesBody, answerHeader, bodyUsed, nodeHeaders, readStream } from '@tessera/http'
import type { GateFacts, HttpHeaders, HttpRequest, HttpResponse, NotAdmitted } from '@tessera/http'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { authOf } from './auth.ts'
import type { AuthenticateOptions } from './authenticate-options.ts'
import { contextOf } from './request-context.ts'

/** An async handler for Express 4 too: that does not forward rejected promises. */
export function forwardingErrors(handle: (...args: Parameters<RequestHandler>) => Promise<void>): RequestHandler {
  return (req, res, next) => {
    handle(req, res, next).catch(next)
  }
}

/** @param at The mount point, and the path below it. */
export function toHttpRequest(
  req: Request,
  at: Pick<HttpRequest, 'mount' | 'path'>,
  facts: Partial<GateFacts> = factsOf(req),
): HttpRequest {
  const headers = nodeHeaders(req)
  return {
    method: req.method,
    ...at,
    query: queryOf(req),
    headers,
    params: req.params,
    caller: null,
    ...facts,
    decoded: true,
    readBody: () => readBody(req, headers),
  }
}

/** What is known of a request before its caller: from an `authenticate` before, if there was one. */
export function factsOf(req: Request): Partial<GateFacts> {
  const facts = authOf(req)?.admission.facts
  return { context: () => contextOf(req, {}), ...facts, caller: null }
}

/** The bytes of the body, or the value in `req.body` left by a parser of Express or of the app. */
async function readBody(req: Request, { 'content-encoding': contentEncoding }: HttpHeaders): Promise<unknown> {
  if (!req.readableDidRead) return readStream(req, { contentEncoding })
  if (req.body === undefined) throw bodyUsed()
  return req.body
}

/** What a parser made of a form; `undefined` if none has read it. Of other types, parsers of Express 4 leave an empty object. */
export function formOf(req: Request): unknown {
  if (!announcesBody(req)) return {}
  const isParsed = req.readableDidRead || Object.keys(Object(req.body)).length > 0
  return isParsed ? req.body : undefined
}

export function send(res: Response, { status, headers, body }: HttpResponse): void {
  // A 304 would have the length of what it stands for (RFC 9110 §8.6).
  const length = status === 304 ? {} : { 'Content-Length': Buffer.byteLength(body) }
  for (const name in headers) res.setHeader(name, answerHeader(name, headers[name] ?? '', res.getHeader(name)))
  res.writeHead(status, length).end(body)
}

/** Answers with the problem, or hands it to the app's own error handling. */
export function refuse(
  { problem, answer }: NotAdmitted,
  res: Response,
  next: NextFunction,
  options: Pick<AuthenticateOptions, 'forwardErrors'>,
): void {
  if (options.forwardErrors === true) next(problem)
  else send(res, answer)
}

/** The text after `?`, as it came. */
export function queryOf(req: Request): string {
  const mark = req.url.indexOf('?')
  return mark === -1 ? '' : req.url.slice(mark + 1)
}
