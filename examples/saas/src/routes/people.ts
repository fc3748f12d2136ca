import express from 'express'
import type { Request, RequestHandler, Response, Router } from 'express'
import type { AppParts } from '../app-parts.ts'
import { isRole, mayDo, mayManage } from '../access/roles.ts'
import { takeSurplus } from '../access/surplus.ts'
import { invite } from '../data/invitations.ts'
import { changeRole, endMembership, findMembership, membersOf } from '../data/memberships.ts'
import type { Membership } from '../data/memberships.ts'
import { messagePage } from '../pages/account-pages.ts'
import { auditPage, peoplePage } from '../pages/organization-pages.ts'
import { auditOf } from '../data/audit.ts'
import { field, membershipOf, sendPage, signedIn } from './forms.ts'
import { sendForbidden } from './organizations.ts'

const UNCHANGED = 'Nothing was changed. An organization needs an owner, and somebody else may have been faster.'

type Act = (member: Membership, by: Membership, req: Request) => Promise<string | null>

/** The people of the organization and what they did. What a person loses here, their tokens lose at once. */
export function peopleRoutes({ config, database, tokens }: AppParts): Router {
  const router = express.Router()
  router.get('/people', signedIn, rightTo('people:read'), (req, res) => showPeople(req, res, null))

  router.get('/audit', signedIn, rightTo('audit:read'), async (req, res) => {
    const entries = await auditOf(database, membershipOf(req).organizationId)
    sendPage(req, res, 'Audit log', auditPage(entries))
  })

  router.post('/people/invite', signedIn, async (req, res) => {
    const own = membershipOf(req)
    const role = field(req, 'role')
    if (!isRole(role) || !mayManage(own.role, role)) return sendForbidden(req, res)
    const code = await invite(database, own, role)
    if (code === null) return sendForbidden(req, res)
    const origin = config.origin ?? `${req.protocol}://${req.host}`
    await showPeople(req, res, `${origin}/invitations/${code}`)
  })

  router.post(
    '/people/:id/role',
    signedIn,
    manage(async (member, own, req) => {
      const to = field(req, 'role')
      if (!isRole(to) || !mayManage(own.role, to)) return 'Your role cannot give that one.'
      // A change that failed half-way may have left something, which a promotion must not give back.
      await takeSurplus(tokens, member, member.role, own.email)
      if (!(await changeRole(database, member, to, own))) return UNCHANGED
      await takeSurplus(tokens, member, to, own.email)
      return null
    }),
  )

  router.post(
    '/people/:id/remove',
    signedIn,
    manage(async (member, own) => {
      if (!(await endMembership(database, member, own))) return UNCHANGED
      // They are refused already. This ends them in the store, too.
      await tokens.revokeAll(member.id, { by: own.email, reason: 'administrative' })
      return null
    }),
  )

  router.post(
    '/people/:id/revoke-tokens',
    signedIn,
    manage(async (member, { email }) => {
      await tokens.revokeAll(member.id, { by: email, reason: 'administrative' })
      return null
    }),
  )

  /** A change of one person, by somebody who may. `act` answers why it cannot be made. */
  function manage(act: Act): RequestHandler<{ id: string }> {
    return async (req, res) => {
      const own = membershipOf(req)
      const member = await findMembership(database, req.params.id)
      if (member === null || member.organizationId !== own.organizationId)
        return sendPage(req, res.status(404), 'Nobody', messagePage('Nobody', 'There is no such person here.'))
      if (!mayManage(own.role, member.role)) return sendForbidden(req, res)
      const problem = await act(member, own, req)
      if (problem !== null) return sendPage(req, res.status(409), 'Not possible', messagePage('Not possible', problem))
      res.redirect(303, '/people')
    }
  }

  async function showPeople(req: Request, res: Response, invited: string | null): Promise<void> {
    const own = membershipOf(req)
    const members = await membersOf(database, own.organizationId)
    const usages = await Promise.all(members.map(({ id }) => tokens.usage(id)))
    const counted = members.map((member, index) => ({ ...member, tokens: usages[index]?.active ?? 0 }))
    sendPage(req, res, 'People', peoplePage(own, counted, invited))
  }
  return router
}

function rightTo(scope: string): RequestHandler {
  return (req, res, next) => (mayDo(membershipOf(req).role, scope) ? next() : sendForbidden(req, res))
}
