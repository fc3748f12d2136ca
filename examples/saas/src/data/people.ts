import { randomUUID } from 'node:crypto'
import { sql } from './database.ts'
import type { Database } from './database.ts'
import type { Membership } from './memberships.ts'
import { membershipsOf } from './memberships.ts'

/** A person who signed in, with all organizations. */
export interface Person {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly memberships: readonly Membership[]
}

interface StoredPerson {
  readonly id: string
  readonly password: string
}

export function isEmail(text: string): boolean {
  // Without characters that nobody sees, by which one address could pass for another.
  return /^[^\s@\p{C}]{1,100}@[^\s@\p{C}]{1,99}$/u.test(text)
}

/** The form in which an address is kept and compared. */
export function emailOf(text: string): string {
  return text.trim().toLowerCase()
}

/** @returns The id of the new person; `null` if the address is taken. */
export async function addPerson(
  database: Database,
  { email, name, password }: { readonly email: string; readonly name: string; readonly password: string },
): Promise<string | null> {
  const [added] = await database.rows<{ id: string }>(
    sql`insert into people (id, email, name, password) values (${randomUUID()}, ${emailOf(email)}, ${name}, ${password})
      on conflict do nothing returning id`,
  )
  return added?.id ?? null
}

export async function findByEmail(database: Database, email: string): Promise<StoredPerson | null> {
  if (!isEmail(emailOf(email))) return null
  const [found] = await database.rows<StoredPerson>(
    sql`select id, password from people where email = ${emailOf(email)}`,
  )
  return found ?? null
}

export async function findPerson(database: Database, id: string): Promise<Person | null> {
  const [[found], memberships] = await Promise.all([
    database.rows<Omit<Person, 'memberships'>>(sql`select id, email, name from people where id = ${id}`),
    membershipsOf(database, id),
  ])
  return found === undefined ? null : { ...found, memberships }
}
