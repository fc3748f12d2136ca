import express from 'express'
import type { Request, Response, Router } from 'express'
import type { AppParts } from '../app-parts.ts'
import { LONGEST, SHORTEST, hashPassword } from '../access/passwords.ts'
import { limitSignIn, limitSignUp } from '../access/rate-limits.ts'
import { isCode } from '../data/invitations.ts'
import { addOrganization } from '../data/memberships.ts'
import { addPerson, findPerson, isEmail } from '../data/people.ts'
import { signInPage, signUpPage } from '../pages/account-pages.ts'
import type { Sent } from '../pages/account-pages.ts'
import { field, nameField, sendPage } from './forms.ts'

const WRONG = 'The address or the password is wrong.'

/** Sign up, sign in, sign out. */
export function accountRoutes({ database, sessions, config }: AppParts): Router {
  const router = express.Router()
  router.get('/sign-up', (req, res) => sendPage(req, res, 'Create an account', signUpPage(invitationIn(req.query))))
  router.get('/sign-in', (req, res) => sendPage(req, res, 'Sign in', signInPage(invitationIn(req.query))))

  router.post('/sign-up', limitSignUp(), async (req, res, next) => {
    const sent = sentBy(req)
    const { name, email, organization, invitation } = sent
    // As it was entered: a space at its end belongs to it.
    const password: unknown = req.body?.password
    const refuse = (status: number, problem: string) =>
      sendPage(req, res.status(status), 'Create an account', signUpPage({ ...sent, problem }))
    if (name === '') return refuse(400, 'Enter your name.')
    if (!isEmail(email)) return refuse(400, 'Enter an email address.')
    if (typeof password !== 'string' || password.length < SHORTEST || password.length > LONGEST)
      return refuse(400, `The password must have ${SHORTEST} to ${LONGEST} characters.`)
    if (invitation === null && organization === '') return refuse(400, 'Enter the name of your organization.')
    const id = await addPerson(database, { email, name, password: await hashPassword(password) })
    if (id === null) return refuse(409, 'There is an account with this address. Sign in instead.')
    if (invitation === null) await addOrganization(database, { name: organization, person: id, ...config })
    const person = await findPerson(database, id)
    if (person === null) throw new Error('the account is gone')
    req.login(person, (error) => (error ? next(error) : leaveForm(res, invitation)))
  })

  router.post('/sign-in', ...limitSignIn(), sessions.signIn, (req, res) => leaveForm(res, sentBy(req).invitation))
  router.post('/sign-in', (req, res) => {
    sendPage(req, res.status(401), 'Sign in', signInPage({ ...sentBy(req), problem: WRONG }))
  })

  router.post('/sign-out', (req, res, next) => {
    req.logout((error) => (error ? next(error) : res.redirect(303, '/sign-in')))
  })
  return router
}

function sentBy(req: Request): Required<Omit<Sent, 'problem'>> {
  const names = { name: nameField(req, 'name'), organization: nameField(req, 'organization') }
  return { ...names, email: field(req, 'email'), ...invitationIn(req.body) }
}

function invitationIn(fields: { readonly invitation?: unknown } | undefined): { readonly invitation: string | null } {
  const code = fields?.invitation
  return { invitation: isCode(code) ? code : null }
}

function leaveForm(res: Response, invitation: string | null): void {
  res.redirect(303, invitation === null ? '/projects' : `/invitations/${invitation}`)
}
