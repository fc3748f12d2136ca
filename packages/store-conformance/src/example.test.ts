import { memoryStore } from '@tessera/memory-store'
import { testTokenStore } from '@tessera/store-conformance'

testTokenStore('memory-store', { create: memoryStore, changeFeed: { keeps: 10_000 } })
