import { gate, mountAt, nodeHeaders, readStream } from '@tessera/http'

/** @typedef {import('koa').Context} Context */
/** @typedef {import('koa').Middleware} Middleware */

/** @param {Context} context */
const requestOf = ({ method, querystring, req }) => ({ method, query: querystring, headers: nodeHeaders(req) })

/** @type {(context: Context, answer: import('@tessera/http').HttpResponse) => void} */
function send(context, { status, headers, body }) {
  context.set(headers)
  context.body = body === '' ? null : body // Koa gives an empty text a media type, and a status of its own to `null`.
  context.status = status
}

/** @typedef {Omit<import('@tessera/http').GateOptions, 'onRefusal'>} Options */
/** @type {(tokens: import('@tessera/http').Authenticator, options?: Options, knownOf?: (context: Context) => Partial<import('@tessera/http').GateRequest>) => Middleware} */
export function requireToken(tokens, options = {}, knownOf = () => ({})) {
  const decide = gate(tokens, options)
  return async (context, next) => {
    const before = context.state.auth
    const admission = await decide({ ...requestOf(context), before, ...knownOf(context) })
    if (!admission.ok) return send(context, admission.answer)
    context.set(admission.headers)
    context.state.auth = admission
    return next()
  }
}

/** @type {Middleware} */
const passOn = (_context, next) => next()

/** @type {(path: string, find: import('@tessera/http').FindTokenHandler, admit?: Middleware) => Middleware} */
export function serveBelow(path, find, admit = passOn) {
  const mountedAt = mountAt(path)
  return async (context, next) => {
    const at = mountedAt(context.path)
    const handle = at && find({ method: context.method, path: at.path })
    if (!at || !handle) return next()
    const request = requestOf(context)
    const readBody = () => readStream(context.req, { contentEncoding: request.headers['content-encoding'] })
    return admit(context, async () => {
      const { facts } = context.state.auth ?? {}
      send(context, await handle({ ...request, ...at, caller: null, decoded: true, readBody, ...facts }))
    })
  }
}
