import type { HttpRequest } from '@tessera/http'

/** A `GET /` of nobody, but for what a test is about. */
export function requestOf({ body, ...facts }: Partial<HttpRequest> & { readonly body?: unknown } = {}): HttpRequest {
  const readBody = async () => body
  return { method: 'GET', path: '/', query: '', headers: {}, params: {}, caller: null, readBody, ...facts }
}
