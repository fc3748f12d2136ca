import { testTokenStore } from '@tessera/store-conformance'
import { afterAll } from 'vitest'
import { startCluster } from '../../../test/redis/index.ts'
import { conformanceSubject } from '../testing/conformance-subject.ts'
import { MAJORS } from '../testing/ioredis-majors.ts'

const servers = await startCluster()
const ports = servers.nodes.map(({ port }) => port)
const subjects = MAJORS.map(([name, { cluster }]) => [name, conformanceSubject(() => cluster(ports))] as const)

afterAll(async () => {
  for (const [, subject] of subjects) subject.disconnect()
  await servers.stop()
})

for (const [name, subject] of subjects) testTokenStore(`redis-store on a cluster, ${name}`, subject)
