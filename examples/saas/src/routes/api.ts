import { authenticate, findAuth, findCaller, requireScopes } from '@tessera/express'
import { Problem, invalidParameter, standard } from '@tessera/http'
import express from 'express'
import type { ErrorRequestHandler, Request, RequestHandler, Router } from 'express'
import type { AppParts } from '../app-parts.ts'
import { withinRights } from '../access/person-rights.ts'
import { limitRefused, limitTokens } from '../access/rate-limits.ts'
import type { Scope } from '../access/roles.ts'
import { callerOf, visitOf } from '../access/visit.ts'
import { auditOf } from '../data/audit.ts'
import { isDown } from '../data/database.ts'
import { membersOf, renameOrganization } from '../data/memberships.ts'
import type { Membership } from '../data/memberships.ts'
import { addProject, projectsOf } from '../data/projects.ts'
import { nameField } from './forms.ts'

/** The API, for a token and for the session of a person alike. Its errors are those of Tessera's dialect `standard`. */
export function apiRoutes({ database, tokens }: AppParts): Router {
  const router = express.Router()
  const rights = withinRights(tokens, database)
  const known = [limitRefused(), authenticate(rights, { caller: callerOf }), limitTokens()]

  /** Lets a token or a person through who may do this, and not too often. What is refused counts, too. */
  function allow(...scopes: readonly Scope[]): readonly RequestHandler[] {
    return scopes.length === 0 ? known : [...known, requireScopes(...scopes)]
  }

  function membershipBehind(req: Request): Membership {
    const token = findAuth(req)
    const membership = token === null ? visitOf(req)?.membership : rights.membershipOf(token)
    if (!membership) throw new Error('mount allow() before this route')
    return membership
  }

  router.use((_req, res, next) => {
    res.set('Cache-Control', 'no-store')
    next()
  })

  router.get('/me', ...allow(), (req, res) => {
    const { organization, role, email } = membershipBehind(req)
    const { name = null } = findAuth(req) ?? {}
    res.json({ email, organization, role, token: name, scopes: findCaller(req)?.scopes })
  })

  router.get('/projects', ...allow('projects:read'), async (req, res) => {
    const { organizationId } = membershipBehind(req)
    res.json({ projects: await projectsOf(database, organizationId) })
  })

  router.post('/projects', ...allow('projects:write'), express.json({ limit: '20kb' }), async (req, res) => {
    const { organizationId } = membershipBehind(req)
    res.status(201).json({ project: await addProject(database, organizationId, requireName(req)) })
  })

  router.get('/people', ...allow('people:read'), async (req, res) => {
    const { organizationId } = membershipBehind(req)
    const members = await membersOf(database, organizationId)
    res.json({ people: members.map(({ name, email, role }) => ({ name, email, role })) })
  })

  router.get('/audit', ...allow('audit:read'), async (req, res) => {
    const { organizationId } = membershipBehind(req)
    const entries = await auditOf(database, organizationId)
    res.json({
      events: entries.map(({ details, ...entry }) => ({ ...entry, details: JSON.parse(details) as unknown })),
    })
  })

  router.patch('/organization', ...allow('organization:write'), express.json({ limit: '20kb' }), async (req, res) => {
    const membership = membershipBehind(req)
    const name = requireName(req)
    await renameOrganization(database, membership, name, membership.email)
    res.json({ organization: name })
  })

  router.use(() => {
    throw new Problem('not_found', 'There is nothing here.')
  })
  return router
}

function requireName(req: Request): string {
  const name = nameField(req, 'name')
  if (name === '') throw invalidParameter('name', 'a line of 1 to 100 characters')
  return name
}

/** The errors of the API, those before its routes too. */
export const answerProblem: ErrorRequestHandler = (error, _req, res, next) => {
  const problem = problemOf(error)
  if (problem === null || res.headersSent) return next(error)
  if (problem.status >= 500) console.error(error)
  res.status(problem.status).set({ ...problem.headers, 'Content-Type': 'application/problem+json' })
  res.send(Buffer.from(JSON.stringify(standard.writeError(problem))))
}

function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error
  if (isDown(error))
    return new Problem('unavailable', 'The service cannot answer now. Try again.', { headers: { 'Retry-After': '1' } })
  const status: unknown = Reflect.get(Object(error), 'status')
  if (status === 413) return new Problem('payload_too_large', 'The body must have at most 20 kB.')
  if (status === 415) return new Problem('unsupported_media_type', 'The body must be JSON in UTF-8.')
  return status === 400 ? new Problem('invalid_request', 'The body must be JSON.') : null
}
