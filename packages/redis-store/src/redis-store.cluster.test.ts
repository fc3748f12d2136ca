import { testTokenStore } from '@tessera/store-conformance'
import { afterAll } from 'vitest'
import { startCluster } from '../../../test/redis/index.ts'
import { conformanceSubject } from '../testing/conformance-subject.ts'
import { newestMajor } from '../testing/ioredis-majors.ts'

const servers = await startCluster()
// The older major passes the suite on one server. The tests of each operation, and of slots that move, take both to a cluster.
const { subject, disconnect } = conformanceSubject(() => newestMajor.cluster(servers.nodes.map(({ port }) => port)))

afterAll(async () => {
  disconnect()
  await servers.stop()
})

testTokenStore('redis-store on a cluster', subject)
