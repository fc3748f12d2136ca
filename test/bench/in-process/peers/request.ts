import type { Request, RequestHandler, Response } from 'express'

/**
 * As little of a request as every middleware reads, ready parsed: the Authorization header, and a host and an empty query
 * and body for those that look there. What parsing costs belongs to HTTP.
 */
export function requestWith(token: string): Request {
  const authorization = `Bearer ${token}`
  const headers: Readonly<Record<string, string>> = { authorization, host: 'localhost' }
  const request = {
    method: 'GET',
    protocol: 'http',
    url: '/jobs',
    originalUrl: '/jobs',
    headers,
    rawHeaders: ['Host', 'localhost', 'Authorization', authorization],
    query: {},
    get: (name: string) => headers[name.toLowerCase()],
    is: () => false,
  }
  return request as unknown as Request
}

/** Resolves when the middleware lets the request through. A refusal fails, as there is nothing to answer with. */
export function passThrough(middleware: RequestHandler, request: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (error?: unknown) => {
      if (error === undefined) resolve()
      else reject(new Error('the middleware refused a request', { cause: error }))
    }
    void middleware(request, {} as Response, next)
  })
}
