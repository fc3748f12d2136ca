import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditOf } from './audit.ts'
import type { Database } from './database.ts'
import { accept, findInvitation, invite } from './invitations.ts'
import { addOrganization, changeRole, endMembership, membersOf } from './memberships.ts'
import type { Membership } from './memberships.ts'
import { openDatabase } from './open-database.ts'
import { addPerson, findPerson, isEmail } from './people.ts'
import type { Person } from './people.ts'

const folder = mkdtempSync(join(tmpdir(), 'tessera-saas-'))
let database: Database
beforeAll(async () => void (database = await openDatabase(`sqlite:${join(folder, 'saas.db')}`)))
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})

let people = 0

async function person(): Promise<Person> {
  people += 1
  const id = await addPerson(database, { email: `p${people}@example.com`, name: 'P', password: '' })
  const found = await findPerson(database, id ?? '')
  if (found === null) throw new Error('nobody was added')
  return found
}

/** An organization with two owners and a member, as some request read them. */
async function organization() {
  const founder = await person()
  const id = await addOrganization(database, { name: 'Roma', person: founder.id, requestsPerMinute: 60 })
  const all = () => membersOf(database, id)
  const [ada] = (await all()) as [Membership]
  async function add(role: 'owner' | 'member'): Promise<Membership> {
    const added = await person()
    await accept(database, (await invite(database, ada, role)) ?? '', added)
    const found = (await all()).find(({ email }) => email === added.email)
    if (found === undefined) throw new Error('nobody joined')
    return found
  }
  const types = async () => (await auditOf(database, id)).map(({ type }) => type)
  return { ada, ben: await add('owner'), cy: await add('member'), all, types }
}

describe('changeRole and endMembership', () => {
  it('change nothing and audit nothing for somebody who lost the right since the question', async () => {
    const { ada, ben, cy, types } = await organization()
    expect(await endMembership(database, ben, ada)).toBe(true)
    const before = await types()
    expect(await endMembership(database, ada, ben)).toBe(false)
    expect(await changeRole(database, cy, 'owner', ben)).toBe(false)
    expect(await types()).toEqual(before)
  })

  it('change nothing for a person who got another role since the question', async () => {
    const { ada, cy } = await organization()
    await changeRole(database, cy, 'admin', ada)
    expect(await endMembership(database, cy, ada)).toBe(false)
  })

  it('leave the last owner one', async () => {
    const { ada, ben, all } = await organization()
    expect(await changeRole(database, ben, 'member', ada)).toBe(true)
    expect([await changeRole(database, ada, 'member', ada), await endMembership(database, ada, ada)]).toEqual([
      false,
      false,
    ])
    expect((await all()).filter(({ role }) => role === 'owner')).toHaveLength(1)
  })
})

describe('invite', () => {
  it('gives invitations that end with the rights of whoever gave them', async () => {
    const { ada, ben } = await organization()
    const code = (await invite(database, ben, 'owner')) ?? ''
    expect(await findInvitation(database, code)).toMatchObject({ role: 'owner' })
    await changeRole(database, ben, 'member', ada)
    expect(await accept(database, code, await person())).toBeNull()
    expect(await invite(database, ben, 'owner')).toBeNull()
  })
})

describe('accept', () => {
  it('lets one of two in', async () => {
    const { ada } = await organization()
    const code = (await invite(database, ada, 'member')) ?? ''
    const [first, second] = [await person(), await person()]
    expect([await accept(database, code, first), await accept(database, code, second)]).toMatchObject([
      { role: 'member' },
      null,
    ])
  })

  it('leaves an invitation to others that a member opens, and audits no joining', async () => {
    const { ada, cy, types } = await organization()
    const code = (await invite(database, ada, 'admin')) ?? ''
    const before = await types()
    const [found] = await database.rows<{ id: string }>({
      texts: ['select person_id as id from memberships where id = ', ''],
      values: [cy.id],
    })
    const member = await findPerson(database, found?.id ?? '')
    expect(member && (await accept(database, code, member))).toMatchObject({ organization: 'Roma' })
    expect(await types()).toEqual(before)
    expect(await accept(database, code, await person())).toMatchObject({ role: 'admin' })
  })
})

describe('openDatabase', () => {
  it('names the variable if it fails', async () => {
    await expect(openDatabase('sqlite:/nowhere/saas.db')).rejects.toThrow(
      'the database of DATABASE_URL cannot be opened: ',
    )
  })
})

describe('isEmail', () => {
  it('takes no address that only looks like another', () => {
    expect(['ada@example.com', 'ada@exam\u200Bple.com', 'ada@\u202Eexample.com', 'ada'].map(isEmail)).toEqual([
      ...[true, false, false, false],
    ])
  })
})
