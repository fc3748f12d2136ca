import type { HttpRequest } from '@tessera/http'
import type { Request, RequestHandler } from 'express'

type Mounted = Required<Pick<HttpRequest, 'path'>> & { readonly mount: string }

/**
 * The mount point of a handler, and the path below it. Within a route, as in `app.post('/revoke', handler)`, Express cuts
 * nothing off: the whole path is the mount point.
 */
export function mountOf(req: Request, handler: RequestHandler): Mounted {
  if (!isInRoute(req, handler)) return { mount: req.baseUrl, path: req.path }
  return { mount: (req.baseUrl + req.path).replace(/\/$/, ''), path: '/' }
}

/** Whether the last segment of a handler's route is a parameter. Its path is then no mount point. */
export function isBelowParameter(req: Request, handler: RequestHandler): boolean {
  const path: unknown = isInRoute(req, handler) ? req.route.path : ''
  return typeof path !== 'string' || /[:*?()+{}][^/]*\/?$/.test(path)
}

/** `req.route` stays behind when the app goes on to other handlers. */
export function isInRoute(req: Request, handler: RequestHandler): boolean {
  const stack: unknown = req.route?.stack
  return Array.isArray(stack) && stack.some((layer: { readonly handle?: unknown }) => layer.handle === handler)
}
