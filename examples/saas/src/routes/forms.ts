import express from 'express'
import type { Request, RequestHandler, Response } from 'express'
import { otherSite } from '@tessera/http'
import type { Membership } from '../data/memberships.ts'
import { visitOf, visits } from '../access/visit.ts'
import { messagePage } from '../pages/account-pages.ts'
import type { Markup } from '../pages/html.ts'
import { page } from '../pages/shell.ts'

const POLICY = `default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`

/** Reads the forms of people, and refuses those of other sites: a browser adds the session's cookie by itself. */
export const readForms: readonly RequestHandler[] = [
  express.urlencoded({ extended: false, limit: '20kb' }),
  (req, res, next) => {
    const headers = Object.fromEntries(Object.entries(req.headersDistinct).map(([name, values = []]) => [name, values]))
    if (otherSite({ method: req.method, headers }) === null) return next()
    sendPage(req, res.status(403), 'Not from here', messagePage('Not from here', 'Another site sent this form.'))
  },
]

/** A field of the form, without the spaces around it; empty if it was not sent, or sent twice. */
export function field({ body }: Request, name: string): string {
  const value: unknown = body === undefined ? '' : Reflect.get(Object(body), name)
  return typeof value === 'string' ? value.trim() : ''
}

/** A name that people see: a line of 1 to 100 characters; empty if it is none. */
export function nameField(req: Request, name: string): string {
  const text = field(req, name)
  return text.length <= 100 && !/[\p{Cc}\p{Cs}]/u.test(text) ? text : ''
}

export function sendPage(req: Request, res: Response, title: string, content: Markup): void {
  res.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': POLICY,
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  })
  res.type('html').send(page(visitOf(req), title, content))
}

/** Leads to the login whoever did not sign in, refuses forms of another organization, and tells the layout who visits. */
export const signedIn: RequestHandler = (req, res, next) => {
  const visit = visitOf(req)
  if (visit === null) return res.redirect(303, '/sign-in')
  if (visit.membership === null && !req.originalUrl.startsWith('/organizations'))
    return res.redirect(303, '/organizations')
  const openedIn = field(req, 'organization')
  if (visit.membership !== null && openedIn !== '' && openedIn !== visit.membership.organizationId)
    return sendElsewhere(req, res, visit.membership)
  visits.run(visit, next)
}

/** Another tab has chosen another organization since. */
function sendElsewhere(req: Request, res: Response, { organization }: Membership): void {
  const text = `The form was opened in another organization, and you work in ${organization} now. Nothing was changed.`
  sendPage(req, res.status(409), 'Another organization', messagePage('Another organization', text))
}

/** @throws Error behind anything but {@link signedIn} */
export function membershipOf(req: Request): Membership {
  const { membership = null } = visitOf(req) ?? {}
  if (membership === null) throw new Error('mount signedIn before this route')
  return membership
}
