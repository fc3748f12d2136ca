import { randomUUID } from 'node:crypto'
import { sql } from './database.ts'
import type { Database } from './database.ts'

/** What this app is about. Yours has something better. */
export interface Project {
  readonly id: string
  readonly name: string
}

export function projectsOf(database: Database, organizationId: string): Promise<readonly Project[]> {
  return database.rows(sql`select id, name from projects where organization_id = ${organizationId} order by created_at`)
}

export async function addProject(database: Database, organizationId: string, name: string): Promise<Project> {
  const id = randomUUID()
  await database.rows(sql`insert into projects (id, organization_id, name, created_at)
    values (${id}, ${organizationId}, ${name}, ${Date.now()})`)
  return { id, name }
}
