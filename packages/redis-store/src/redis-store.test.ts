import { testTokenStore } from '@tessera/store-conformance'
import { afterAll } from 'vitest'
import { startRedis } from '../../../test/redis/index.ts'
import { conformanceSubject } from '../testing/conformance-subject.ts'
import { MAJORS } from '../testing/ioredis-majors.ts'

const server = await startRedis()
const subjects = MAJORS.map(
  ([name, { redis }]) => [name, conformanceSubject(() => redis({ port: server.port }))] as const,
)

afterAll(async () => {
  for (const [, { disconnect }] of subjects) disconnect()
  await server.stop()
})

for (const [name, { subject }] of subjects) testTokenStore(`redis-store on one server, ${name}`, subject)
