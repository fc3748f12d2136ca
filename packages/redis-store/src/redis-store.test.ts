import { testTokenStore } from '@tessera/store-conformance'
import { afterAll } from 'vitest'
import { triesAll } from '../../../test/support/how-much.ts'
import { startRedis } from '../../../test/redis/index.ts'
import { conformanceSubject } from '../testing/conformance-subject.ts'
import { MAJORS } from '../testing/ioredis-majors.ts'

const server = await startRedis()
/** The other one differs in the client alone, which has tests of its own. */
const majors = triesAll ? MAJORS : MAJORS.slice(0, 1)
const subjects = majors.map(
  ([name, { redis }]) => [name, conformanceSubject(() => redis({ port: server.port }))] as const,
)

afterAll(async () => {
  for (const [, { disconnect }] of subjects) disconnect()
  await server.stop()
})

for (const [name, { subject }] of subjects) testTokenStore(`redis-store on one server, ${name}`, subject)
