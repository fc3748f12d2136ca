import type { Token, Tokens } from '@tessera/core'
import { Problem, checkTokens, findCaller, methodNotAllowed, otherSite, problemOf, requireCaller } from '@tessera/http'
import type { Handler, HttpRequest } from '@tessera/http'
import { changeToken } from './actions/change-token.ts'
import { createToken } from './actions/create-token.ts'
import { doneIn, redirectTo } from './actions/redirect.ts'
import { queryFields, readFields } from './forms/fields.ts'
import { listOptions, readListFilter } from './forms/list-filter.ts'
import { newKey } from './forms/form-key.ts'
import { documentWriter } from './pages/document.ts'
import { checkTokenPage } from './options.ts'
import type { TokenPageOptions } from './options.ts'
import { listPage } from './pages/list-page.ts'
import { otherSitePage, problemPage, signedOutPage } from './pages/message-page.ts'
import { newPage } from './pages/new-page.ts'
import { revokePage } from './pages/revoke-page.ts'
import { tokenDetails } from './pages/token-page.ts'
import type { Page } from './pages/document.ts'
import type { View } from './pages/view.ts'
import { findRoute, methodsOf } from './routes.ts'
import type { Route } from './routes.ts'
import { english } from './words/english.ts'
import { wordsOf } from './words/words.ts'

/**
 * Builds a page for people to manage their tokens: it works in every adapter, and without JavaScript.
 *
 * - A secret is in the answer to its form, and nowhere else.
 * - Everything belongs to the owner of the signed-in person. Nobody grants more than their own scopes.
 * - Changes from another site are refused.
 *
 * @throws TypeError for an unknown or wrong option, with its name
 * @example app.use('/tokens', serveHandler(tokenPage(tokens, { scopes: { 'jobs:read': 'Read jobs' } }), { caller: personOf }))
 */
export function tokenPage<Scope extends string = string>(
  tokens: Tokens<Scope>,
  options: TokenPageOptions<Scope> = {},
): Handler {
  checkTokens('tokenPage', tokens)
  checkTokenPage(tokens, options)
  const { lang = 'en', timeZone = 'UTC', texts, onError, origins, caller: callerOf, now = () => Date.now() } = options
  const words = wordsOf({ ...english, ...texts }, lang, timeZone)
  const write = documentWriter(words, options)

  async function answer(request: HttpRequest, base: string): Promise<Page> {
    const route = findRoute(request.path)
    if (route === null) throw new Problem('not_found', 'There is no such page.')
    const methods = methodsOf(route)
    if (!methods.includes(request.method)) throw methodNotAllowed(methods)
    const called = await findCaller(callerOf === undefined ? request : { ...request, caller: () => callerOf(request) })
    if (called.caller === null) return signedOutPage({ words, base, options })
    const caller = requireCaller(called)
    if (otherSite(request, origins) !== null) return otherSitePage({ words, base, options })
    return answerRoute(route, request, {
      tokens,
      options,
      words,
      base,
      now: now(),
      caller,
    })
  }

  async function handle(request: HttpRequest) {
    const base = (options.basePath ?? request.mount ?? '').replace(/\/$/, '')
    try {
      return write(await answer(request, base))
    } catch (error) {
      return write(problemPage({ words, base, options }, problemOf(error, onError)))
    }
  }

  return Object.assign(handle, { servesBelow: true })
}

async function answerRoute(route: Route, request: HttpRequest, view: View): Promise<Page> {
  const isPost = request.method === 'POST'
  if (route.name === 'list') return answerList(request, view)
  if (route.name === 'new') {
    return isPost
      ? createToken({ view, request }, await readFields(request))
      : newPage(view, queryFields(request.query), newKey(view.now))
  }
  const token = await requireToken(view, route.id)
  if (route.name === 'token') {
    const [asked] = await view.tokens.report(token.owner, { id: token.id })
    return tokenDetails(view, token, newKey(view.now), { done: doneIn(request.query, token), asked })
  }
  if (isPost) return changeToken(route.name, { view, request }, token, await readFields(request))
  return route.name === 'revoke' && token.status !== 'revoked' ? revokePage(view, token) : redirectTo(view, token)
}

async function answerList({ query }: HttpRequest, view: View): Promise<Page> {
  const { tokens, caller } = view
  const filter = readListFilter(query, tokens, caller)
  const [list, usage] = await Promise.all([
    tokens.list(caller.owner, listOptions(filter, caller)),
    tokens.usage(caller.owner),
  ])
  return listPage(view, filter, list, usage)
}

/** @throws Problem 404 for an unknown id, and for another owner's */
async function requireToken({ tokens, caller }: View, id: string): Promise<Token> {
  const token = tokens.isId(id) ? await tokens.get(caller.owner, id) : null
  if (token === null) throw new Problem('not_found', 'There is no such token.')
  return token
}
