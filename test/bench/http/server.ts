import type { AddressInfo } from 'node:net'
import { answerQuestions } from '../harness/worker.ts'
import { betterAuthRoutes, jobsRoutes, peerRoutes } from './jobs-routes.ts'
import type { Route } from './route.ts'
import { tokenRoutes } from './token-routes.ts'

/** What may be asked of the process of a server. */
export type Question =
  | { readonly ask: 'routes'; readonly of: 'jobs' | 'peers' | 'better-auth' | 'tokens'; readonly redisPort: number }
  | { readonly ask: 'cpu' }
  | { readonly ask: 'revocations'; readonly count: number }

/** A route as the load generator sees it. */
export interface ServedRoute {
  readonly name: string
  readonly note: string | null
  readonly port: number
  readonly requests: readonly string[]
}

/** In the order of the questions: the routes, processor time in milliseconds, requests. */
export type Answer = readonly ServedRoute[] | number | readonly string[]

let revocations = async (_count: number): Promise<readonly string[]> => []

answerQuestions<Question>(async (question): Promise<Answer> => {
  if (question.ask === 'cpu') {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1_000
  }
  if (question.ask === 'revocations') return revocations(question.count)
  return Promise.all((await routesOf(question)).map(serve))
})

async function routesOf({ of, redisPort }: Extract<Question, { ask: 'routes' }>): Promise<readonly Route[]> {
  if (of === 'jobs') return jobsRoutes(redisPort)
  if (of === 'peers') return peerRoutes()
  if (of === 'better-auth') return betterAuthRoutes()
  const opened = await tokenRoutes()
  revocations = opened.revocations
  return opened.routes
}

/** Each on a port of its own, as what a router passes on its way to a route costs too. */
async function serve({ name, note, app, requests }: Route): Promise<ServedRoute> {
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  server.keepAliveTimeout = 0
  const { port } = server.address() as AddressInfo
  return { name, note, port, requests }
}
