import { promisify } from 'node:util'
import express from 'express'
import type { Request, Router } from 'express'
import type { AppParts } from '../app-parts.ts'
import { mayDo } from '../access/roles.ts'
import { visitOf } from '../access/visit.ts'
import { accept, findInvitation, isCode } from '../data/invitations.ts'
import { addOrganization, renameOrganization } from '../data/memberships.ts'
import { messagePage } from '../pages/account-pages.ts'
import { invitationPage, organizationsPage } from '../pages/organization-pages.ts'
import { nameField, sendPage, signedIn } from './forms.ts'

const GONE = messagePage('This invitation is over', 'It was used, or it is older than a week. Ask for another one.')

/** The organizations of a person: switch, start, rename, and join by an invitation. */
export function organizationRoutes({ database, config }: AppParts): Router {
  const router = express.Router()
  router.get('/organizations', signedIn, (req, res) => {
    const visit = visitOf(req)
    if (visit !== null) sendPage(req, res, 'Organizations', organizationsPage(visit))
  })

  router.post('/organizations', signedIn, async (req, res) => {
    const name = nameField(req, 'name')
    const person = visitOf(req)?.person.id ?? ''
    if (name !== '') await workIn(req, await addOrganization(database, { name, person, ...config }))
    res.redirect(303, '/organizations')
  })

  router.post('/organizations/rename', signedIn, async (req, res) => {
    const { membership = null } = visitOf(req) ?? {}
    const name = nameField(req, 'name')
    if (membership === null || !mayDo(membership.role, 'organization:write')) return sendForbidden(req, res)
    if (name !== '') await renameOrganization(database, membership, name, membership.email)
    res.redirect(303, '/organizations')
  })

  router.post('/organizations/:id/switch', signedIn, async (req: Request<{ id: string }>, res) => {
    // Only one of the person's own counts, see `visitOf`.
    await workIn(req, req.params.id.slice(0, 100))
    res.redirect(303, '/projects')
  })

  router.get('/invitations/:code', async (req, res) => {
    const { code } = req.params
    const invitation = isCode(code) ? await findInvitation(database, code) : null
    const content = invitation === null ? GONE : invitationPage(code, invitation, visitOf(req) !== null)
    sendPage(req, res.status(invitation === null ? 404 : 200), 'Invitation', content)
  })

  router.post('/invitations/:code', async (req, res) => {
    const { code } = req.params
    const visit = visitOf(req)
    if (visit === null) return res.redirect(303, `/invitations/${encodeURIComponent(code)}`)
    const invitation = isCode(code) ? await accept(database, code, visit.person) : null
    if (invitation === null) return sendPage(req, res.status(404), 'Invitation', GONE)
    await workIn(req, invitation.organizationId)
    res.redirect(303, '/projects')
  })
  return router
}

/** Chooses the organization. A browser follows a redirect at once: the session has to be kept before. */
async function workIn({ session }: Pick<Request, 'session'>, organization: string): Promise<void> {
  session.organization = organization
  await promisify((done: (error: unknown) => void) => void session.save(done))()
}

/** For a form that the person's own pages do not show. */
export function sendForbidden(req: Request, res: Parameters<typeof sendPage>[1]): void {
  sendPage(req, res.status(403), 'Not allowed', messagePage('Not allowed', 'Your role does not allow this.'))
}
