import type { MaybeLater } from '@tessera/core'
import { announcesBody, gate, gateHeaders } from '@tessera/http'
import type { Admission, Authenticator, GateRequest } from '@tessera/http'
import type { FastifyRequest } from 'fastify'
import { authOf } from './auth.ts'
import type { RequireTokenOptions } from './require-token-options.ts'
import { contextOf, headersOf, splitUrl } from './translate.ts'

/** The gate of `@tessera/http`, for requests of Fastify. Its options are checked before. */
export function requestGate(
  tokens: Authenticator,
  options: RequireTokenOptions,
): (request: FastifyRequest) => MaybeLater<Admission> {
  const { forwardErrors: _, clientAddress, requestId: _id, caller, onRefusal, ...own } = options
  const decide = gate<GateRequest & { readonly request: FastifyRequest }>(tokens, {
    ...own,
    ...(onRefusal && { onRefusal: (_problem, refused, { request }) => onRefusal(request, refused) }),
  })
  const names = gateHeaders(options)

  return (request) =>
    decide({
      request,
      method: request.method,
      query: splitUrl(request).query,
      headers: headersOf(request, names),
      ip: clientAddress?.(request),
      context: () => contextOf(request, options),
      form: () => formOf(request),
      before: authOf(request),
      caller: caller && (() => caller(request)),
    })
}

/** In an `onRequest` hook the form would pass unread, and with it a second token. */
function formOf({ body, raw }: FastifyRequest): unknown {
  if (body !== undefined && body !== null) return body
  if (!announcesBody(raw)) return {}
  throw new Error('requireToken: no form is parsed; with carriers.form, use it as preHandler behind a parser of forms')
}
