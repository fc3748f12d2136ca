import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Role } from '../access/roles.ts'
import { audited } from './audit.ts'
import { sql } from './database.ts'
import type { Database } from './database.ts'
import { isStill, lockOrganization } from './memberships.ts'
import type { Membership } from './memberships.ts'
import type { Person } from './people.ts'

const WEEK_MS = 7 * 24 * 60 * 60 * 1000

export interface Invitation {
  readonly organizationId: string
  readonly organization: string
  readonly role: Role
}

const digestOf = (code: string) => createHash('sha256').update(code).digest('base64url')

export function isCode(text: unknown): text is string {
  return typeof text === 'string' && /^[\w-]{32}$/.test(text)
}

/** @returns The code of the link, and the database keeps its digest; `null` if the person's rights changed meanwhile. */
export async function invite(database: Database, by: Membership, role: Role): Promise<string | null> {
  const { id, organizationId, email } = by
  const code = randomBytes(24).toString('base64url')
  const [, , , invited = []] = await database.batch([
    sql`delete from invitations where expires_at <= ${Date.now()}`,
    lockOrganization(organizationId),
    audited({ organizationId, type: 'invited', actor: email, details: { role }, when: isStill(by) }),
    sql`insert into invitations (digest, organization_id, invited_by, role, expires_at)
      select ${digestOf(code)}, ${organizationId}, ${id}, ${role}, ${Date.now() + WEEK_MS} where ${isStill(by)} returning digest`,
  ])
  return invited.length === 0 ? null : code
}

export async function findInvitation(database: Database, code: string): Promise<Invitation | null> {
  const [found] = await database.rows<Invitation>(
    sql`select o.id as "organizationId", o.name as "organization", i.role from invitations i
      join organizations o on o.id = i.organization_id where i.digest = ${digestOf(code)} and i.expires_at > ${Date.now()}`,
  )
  return found ?? null
}

/**
 * Takes the one place that the invitation gives. Whoever belongs to the organization already keeps their role, and leaves
 * the place to somebody else.
 */
export async function accept(database: Database, code: string, person: Person): Promise<Invitation | null> {
  const invitation = await findInvitation(database, code)
  if (invitation === null) return null
  const { organizationId, role } = invitation
  if (person.memberships.some((each) => each.organizationId === organizationId)) return invitation
  const id = randomUUID()
  const joined = sql`exists (select 1 from memberships where id = ${id})`
  const { email } = person
  const [, added = []] = await database.batch([
    lockOrganization(organizationId),
    sql`insert into memberships (id, organization_id, person_id, role)
      select ${id}, organization_id, ${person.id}, role from invitations where digest = ${digestOf(code)}
      on conflict do nothing returning id`,
    sql`delete from invitations where digest = ${digestOf(code)} and ${joined}`,
    audited({ organizationId, type: 'joined', actor: email, about: email, details: { role }, when: joined }),
  ])
  return added.length === 0 ? null : invitation
}
