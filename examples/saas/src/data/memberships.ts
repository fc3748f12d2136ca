import { randomUUID } from 'node:crypto'
import type { Role } from '../access/roles.ts'
import { audited } from './audit.ts'
import { sql } from './database.ts'
import type { Database, Statement } from './database.ts'

/** One person in one organization: the owner of that person's tokens there. */
export interface Membership {
  readonly id: string
  readonly role: Role
  readonly email: string
  readonly name: string
  readonly organizationId: string
  readonly organization: string
  readonly requestsPerMinute: number
}

const SELECT = `select m.id, m.role, p.email, p.name, o.id as "organizationId", o.name as "organization",
  o.requests_per_minute as "requestsPerMinute" from memberships m
  join people p on p.id = m.person_id join organizations o on o.id = m.organization_id where m.ended_at is null and `

export function membershipsOf(database: Database, personId: string): Promise<readonly Membership[]> {
  return database.rows({ texts: [`${SELECT} p.id = `, ' order by o.name'], values: [personId] })
}

export function membersOf(database: Database, organizationId: string): Promise<readonly Membership[]> {
  return database.rows({ texts: [`${SELECT} o.id = `, ' order by p.name'], values: [organizationId] })
}

/** @returns `null` if there is none, and if it has ended. */
export async function findMembership(database: Database, id: string): Promise<Membership | null> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return null
  const [found] = await database.rows<Membership>({ texts: [`${SELECT} m.id = `, ''], values: [id] })
  return found ?? null
}

/** Makes an organization, with this person as its owner. */
export async function addOrganization(
  database: Database,
  { name, person, requestsPerMinute }: { name: string; person: string; requestsPerMinute: number },
): Promise<string> {
  const id = randomUUID()
  await database.batch([
    sql`insert into organizations (id, name, requests_per_minute) values (${id}, ${name}, ${requestsPerMinute})`,
    sql`insert into memberships (id, organization_id, person_id, role) values (${randomUUID()}, ${id}, ${person}, 'owner')`,
  ])
  return id
}

export async function renameOrganization(
  database: Database,
  { organizationId }: Membership,
  name: string,
  by: string,
): Promise<void> {
  await database.batch([
    sql`update organizations set name = ${name} where id = ${organizationId}`,
    audited({ organizationId, type: 'organization_renamed', actor: by, details: { name } }),
  ])
}

/** @returns Whether the person has the role now: the last owner stays one, and only who still may gives it. */
export async function changeRole(database: Database, member: Membership, role: Role, by: Membership): Promise<boolean> {
  if (role === member.role) return true
  const audit = { type: 'role_changed', details: { from: member.role, to: role } }
  return changeMember(database, member, by, { role, endedAt: null }, audit)
}

/** @returns Whether it was ended: the last owner stays, and only who still may ends it. */
export function endMembership(database: Database, member: Membership, by: Membership): Promise<boolean> {
  return changeMember(database, member, by, { role: member.role, endedAt: Date.now() }, { type: 'removed' })
}

/** Makes the changes of one organization wait for each other: two owners cannot remove each other. */
export function lockOrganization(id: string): Statement {
  return sql`update organizations set name = name where id = ${id}`
}

/** Whether a membership is still as it was when somebody asked what it may do. */
export function isStill({ id, role }: Membership): Statement {
  return sql`exists (select 1 from memberships still
    where still.id = ${id} and still.role = ${role} and still.ended_at is null)`
}

/** With the rights of a person, the invitations end that this person gave. */
async function changeMember(
  database: Database,
  member: Membership,
  by: Membership,
  after: { readonly role: Role; readonly endedAt: number | null },
  audit: { readonly type: string; readonly details?: object },
): Promise<boolean> {
  const { id, organizationId, email } = member
  const when = sql`${isStill(member)} and ${isStill(by)} and exists (select 1 from memberships other
    where other.organization_id = ${organizationId} and other.role = 'owner' and other.ended_at is null and other.id <> ${id})`
  const [, , changed = []] = await database.batch([
    lockOrganization(organizationId),
    audited({ organizationId, about: email, actor: by.email, when, ...audit }),
    sql`update memberships set role = ${after.role}, ended_at = ${after.endedAt} where id = ${id} and ${when} returning id`,
    sql`delete from invitations where invited_by = ${id} and not ${isStill(member)}`,
  ])
  return changed.length > 0
}
