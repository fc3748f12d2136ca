import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Role } from '../access/roles.ts'
import { audited } from './audit.ts'
import { sql } from './database.ts'
import type { Database } from './database.ts'
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

/** @returns The code of the link. The database keeps its digest. */
export async function invite(database: Database, { organizationId, email }: Membership, role: Role): Promise<string> {
  const code = randomBytes(24).toString('base64url')
  await database.batch([
    sql`delete from invitations where expires_at <= ${Date.now()}`,
    sql`insert into invitations (digest, organization_id, role, expires_at)
      values (${digestOf(code)}, ${organizationId}, ${role}, ${Date.now() + WEEK_MS})`,
    audited({ organizationId, type: 'invited', actor: email, details: { role } }),
  ])
  return code
}

export async function findInvitation(database: Database, code: string): Promise<Invitation | null> {
  const [found] = await database.rows<Invitation>(
    sql`select o.id as "organizationId", o.name as "organization", i.role from invitations i
      join organizations o on o.id = i.organization_id where i.digest = ${digestOf(code)} and i.expires_at > ${Date.now()}`,
  )
  return found ?? null
}

/** Takes the one place that the invitation gives. Whoever belongs to the organization already keeps their role. */
export async function accept(database: Database, code: string, person: Person): Promise<Invitation | null> {
  const invitation = await findInvitation(database, code)
  if (invitation === null) return null
  const { organizationId, role } = invitation
  const [taken = []] = await database.batch([
    sql`delete from invitations where digest = ${digestOf(code)} returning digest`,
  ])
  if (taken.length === 0) return null
  await database.batch([
    sql`insert into memberships (id, organization_id, person_id, role)
      values (${randomUUID()}, ${organizationId}, ${person.id}, ${role}) on conflict do nothing`,
    audited({ organizationId, type: 'joined', actor: person.email, about: person.email, details: { role } }),
  ])
  return invitation
}
