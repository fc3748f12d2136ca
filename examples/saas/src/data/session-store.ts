import { createHash } from 'node:crypto'
import { Store } from 'express-session'
import type { SessionData } from 'express-session'
import { sql } from './database.ts'
import type { Database } from './database.ts'

export const SESSION_MS: number = 7 * 24 * 60 * 60 * 1000

/** Sessions in the database of the app, by the digest of their id: who reads the table signs in as nobody. */
export class SessionStore extends Store {
  readonly #database: Database

  constructor(database: Database) {
    super()
    this.#database = database
  }

  override get(id: string, done: (error: unknown, session?: SessionData | null) => void): void {
    this.#find(id).then((session) => done(null, session), done)
  }

  override set(id: string, session: SessionData, done: (error?: unknown) => void = () => {}): void {
    this.#save(id, session).then(() => done(), done)
  }

  override destroy(id: string, done: (error?: unknown) => void = () => {}): void {
    this.#database.rows(sql`delete from sessions where digest = ${digestOf(id)}`).then(() => done(), done)
  }

  async #find(id: string): Promise<SessionData | null> {
    const [found] = await this.#database.rows<{ data: string }>(
      sql`select data from sessions where digest = ${digestOf(id)} and expires_at > ${Date.now()}`,
    )
    return found === undefined ? null : (JSON.parse(found.data) as SessionData)
  }

  async #save(id: string, session: SessionData): Promise<void> {
    const [data, end] = [JSON.stringify(session), Date.now() + SESSION_MS]
    await this.#database.batch([
      sql`delete from sessions where expires_at <= ${Date.now()}`,
      sql`insert into sessions (digest, data, expires_at) values (${digestOf(id)}, ${data}, ${end})
        on conflict (digest) do update set data = ${data}`,
    ])
  }
}

function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url')
}
