import type { TokenStore } from '@tessera/core'
import { testTokenStore } from '@tessera/store-conformance'
import { afterAll } from 'vitest'
import { DRIVERS, openFiles } from '../testing/drivers.ts'
import { sqliteStore } from './sqlite-store.ts'

const PATIENT = { deadlineMs: 20_000 }

for (const [name, connect] of DRIVERS) {
  const files = openFiles(connect)
  const fileOf = new WeakMap<TokenStore, string>()
  afterAll(() => files[Symbol.dispose]())

  testTokenStore(`sqlite-store on ${name}`, {
    create() {
      const { file, connection } = files.create()
      const store = sqliteStore(connection, PATIENT)
      fileOf.set(store, file)
      return store
    },
    connect: (store) => sqliteStore(files.open(fileOf.get(store) ?? ''), PATIENT),
    changeFeed: { keeps: 2_000 },
    leases: {
      create(leaseMs) {
        const { file, connection } = files.create()
        const store = sqliteStore(connection, { ...PATIENT, leaseMs })
        fileOf.set(store, file)
        return store
      },
      connect: (store, leaseMs) => sqliteStore(files.open(fileOf.get(store) ?? ''), { ...PATIENT, leaseMs }),
    },
  })
}
