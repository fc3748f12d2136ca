import type { Tokens } from '@tessera/core'
import type { Dialect, OperationName } from '@tessera/http'
import type { Request, RequestHandler } from 'express'

/** What a router serves. */
export interface Served {
  readonly tokens: Tokens
  readonly dialect: Dialect
  readonly operations: readonly OperationName[]
}

/** A handler in the stack of an app or a router. */
interface Layer {
  readonly handle: unknown
  readonly route?: unknown
  /** Answers with the matched part of the path, or with a boolean, and leaves that part on the layer. */
  match(path: string): boolean | { readonly path: string }
  readonly path?: string
}

interface Reached {
  readonly handle: unknown
  readonly mount: string
}

const routers = new WeakMap<object, Served>()
const ofTokens = new WeakMap<Tokens, Map<Dialect, Set<OperationName>>>()

export function register(router: RequestHandler, served: Served): void {
  routers.set(router, served)
  const dialects = ofTokens.get(served.tokens) ?? new Map<Dialect, Set<OperationName>>()
  const all = new Set([...(dialects.get(served.dialect) ?? []), ...served.operations])
  ofTokens.set(served.tokens, dialects.set(served.dialect, all))
}

/**
 * The operations on the same tokens at the mount point of a request, in their order: of this router, and of those mounted
 * beside it. Apps of Connect do not say what is mounted: there each operation may be anywhere.
 */
export function servedWith(req: Request, router: RequestHandler): readonly OperationName[] {
  const own = routers.get(router)
  if (own === undefined) return []
  const path = req.baseUrl + req.path
  // The app may be mounted in another one, which has cut off a part of the path.
  const places = placesIn(req.baseUrl).map((prefix) => reachedIn(stackOf(req.app), path.slice(prefix.length), prefix))
  const place = places.find((reached) => reached.some(({ handle, mount }) => isAt(req, handle === router, mount)))
  if (place === undefined) return [...(ofTokens.get(own.tokens)?.get(own.dialect) ?? own.operations)]
  const beside = place.flatMap(({ handle, mount }) => {
    const served = isAt(req, true, mount) ? routers.get(Object(handle)) : undefined
    return served?.tokens === own.tokens && served.dialect === own.dialect ? served.operations : []
  })
  return [...new Set(beside)]
}

function isAt(req: Request, isMeant: boolean, mount: string): boolean {
  return isMeant && mount.replace(/\/$/, '') === req.baseUrl.replace(/\/$/, '')
}

/** Every way to cut a path before one of its slashes: '', '/a', '/a/b'. */
function placesIn(path: string): readonly string[] {
  const segments = path.split('/')
  return segments.map((_, at) => segments.slice(0, at + 1).join('/'))
}

/** Every handler that a path leads to, and where it is mounted. */
function reachedIn(stack: readonly Layer[], path: string, mount: string): readonly Reached[] {
  return stack.flatMap((layer) => {
    const cut = layer.route === undefined ? matchedBy(layer, path || '/') : null
    if (cut === null) return []
    const below = mount + cut
    const inner = stackOf(layer.handle)
    return inner.length > 0 ? reachedIn(inner, path.slice(cut.length), below) : [{ handle: layer.handle, mount: below }]
  })
}

function matchedBy(layer: Layer, path: string): string | null {
  try {
    const match = layer.match(path)
    if (match === false) return null
    return (match === true ? layer.path : match.path) ?? ''
  } catch {
    return null // A parameter that cannot be decoded.
  }
}

function stackOf(app: unknown): readonly Layer[] {
  const holder = Object(app)
  // The first is of Express 4, where the second throws.
  const router: unknown = Reflect.get(holder, '_router') ?? Reflect.get(holder, 'router') ?? holder
  const stack: unknown = Reflect.get(Object(router), 'stack')
  return Array.isArray(stack) ? stack : []
}
