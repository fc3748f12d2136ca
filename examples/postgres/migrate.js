import { grantSql, migrate } from '@tessera/postgres-store'
import { Pool } from 'pg'

const owner = new Pool({ connectionString: process.env.OWNER_URL ?? process.env.DATABASE_URL })
await migrate(owner)

const role = process.env.APP_ROLE
if (role !== undefined) await owner.query(grantSql({ role }))
await owner.end()
