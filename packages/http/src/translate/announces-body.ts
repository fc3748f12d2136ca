import type { NodeHeaders } from './node-headers.ts'

/**
 * Whether a request of Node has a body. One of HTTP/2 without a length may have one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-6.3
 */
export function announcesBody({
  headers,
  httpVersionMajor = 1,
}: Pick<NodeHeaders, 'headers'> & { readonly httpVersionMajor?: number }): boolean {
  const { 'content-length': length, 'transfer-encoding': coding } = headers
  if (coding !== undefined) return true
  return length === undefined ? httpVersionMajor > 1 : length !== '0'
}
