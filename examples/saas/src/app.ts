import { serveHandler } from '@tessera/express'
import type { Tokens } from '@tessera/core'
import { tokenPage } from '@tessera/token-page'
import express from 'express'
import type { ErrorRequestHandler, Express } from 'express'
import type { AppParts } from './app-parts.ts'
import { SCOPES } from './access/roles.ts'
import { callerOf, visitOf, visits } from './access/visit.ts'
import { isDown } from './data/database.ts'
import { messagePage } from './pages/account-pages.ts'
import { tokenShell } from './pages/shell.ts'
import { style } from './pages/style.ts'
import { accountRoutes } from './routes/account.ts'
import { answerProblem, apiRoutes } from './routes/api.ts'
import { readForms, sendPage } from './routes/forms.ts'
import { healthRoutes } from './routes/health.ts'
import { leakRoutes } from './routes/leaks.ts'
import { organizationRoutes } from './routes/organizations.ts'
import { peopleRoutes } from './routes/people.ts'
import { projectRoutes } from './routes/projects.ts'

export function createApp(app: AppParts): Express {
  const { config, tokens, sessions } = app
  const server = express()
  server.disable('x-powered-by')
  server.set('trust proxy', config.proxies)
  server.use(healthRoutes(app))
  server.get('/style.css', (_req, res) => void res.set('Cache-Control', 'max-age=300').type('css').send(style))
  if (config.leakSecret !== null) server.use('/hooks', leakRoutes(tokens, config.leakSecret))
  server.use(...sessions.find)
  server.use('/api', apiRoutes(app))
  server.use('/tokens', (req, res, next) => {
    const visit = visitOf(req)
    if (visit !== null && visit.membership === null) return res.redirect(303, '/organizations')
    visits.run(visit, next)
  })
  server.use('/tokens', serveHandler(createTokenPage(tokens), { caller: callerOf }))
  server.use(...readForms)
  server.use(accountRoutes(app), organizationRoutes(app), peopleRoutes(app), projectRoutes(app))
  server.use((req, res) => {
    sendPage(req, res.status(404), 'Not found', messagePage('Not found', 'There is no such page.'))
  })
  server.use('/api', answerProblem)
  server.use(answerError)
  return server
}

function createTokenPage(tokens: Tokens) {
  return tokenPage(tokens, {
    scopes: SCOPES,
    signIn: '/sign-in',
    texts: { intro: 'They let your programs call the API for you, in this organization.' },
    layout: (main, { head }) => tokenShell(visits.getStore() ?? null, main, head),
    sources: { 'style-src': ["'self'"] },
  })
}

const answerError: ErrorRequestHandler = (error, req, res, next) => {
  if (res.headersSent) return next(error)
  const status = statusOf(error)
  if (status >= 500) console.error(error)
  if (status === 503) res.set('Retry-After', '1')
  const text = status < 500 ? 'The request cannot be read.' : 'Something went wrong on our side. Try again.'
  sendPage(req, res.status(status), 'Sorry', messagePage('Sorry', text))
}

function statusOf(error: unknown): number {
  if (isDown(error)) return 503
  const status: unknown = Reflect.get(Object(error), 'status')
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500
}
