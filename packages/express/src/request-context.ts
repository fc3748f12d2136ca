import type { RequestContext } from '@tessera/core'
import type { Request } from 'express'
import type { AuthenticateOptions } from './authenticate-options.ts'

/** Where the request came from, for the events. No header is read. */
export function contextOf(
  req: Request,
  { clientAddress = ({ ip }) => ip, requestId = idOf }: Pick<AuthenticateOptions, 'clientAddress' | 'requestId'>,
): RequestContext {
  return { ip: clientAddress(req), requestId: requestId(req) }
}

/** Loggers such as pino-http leave it there. */
function idOf(req: Request): string | null {
  const id: unknown = Reflect.get(req, 'id')
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null
}
