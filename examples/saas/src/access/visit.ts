import { AsyncLocalStorage } from 'node:async_hooks'
import type { MaybeCaller } from '@tessera/http'
import type { Request } from 'express'
import type { Membership } from '../data/memberships.ts'
import type { Person } from '../data/people.ts'
import { rightsOf } from './roles.ts'

/** Who looks at a page, and the organization that it is about; `null` for somebody without one. */
export interface Visit {
  readonly person: Person
  readonly membership: Membership | null
}

/** The visit of the page that is being written: the layout of the token page gets no request. */
export const visits: AsyncLocalStorage<Visit | null> = new AsyncLocalStorage()

export function visitOf({ user, session }: Request): Visit | null {
  if (user === undefined) return null
  const chosen = user.memberships.find(({ organizationId }) => organizationId === session.organization)
  return { person: user, membership: chosen ?? user.memberships[0] ?? null }
}

/** The person as a caller of Tessera: their rights are the most that a token of theirs gets. */
export function callerOf(req: Request): MaybeCaller {
  const { membership = null } = visitOf(req) ?? {}
  if (membership === null) return null
  return {
    owner: membership.id,
    scopes: rightsOf(membership.role),
    createdBy: membership.email,
    attributes: { requestsPerMinute: String(membership.requestsPerMinute) },
  }
}
