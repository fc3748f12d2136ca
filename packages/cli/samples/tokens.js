// tokens.js
import { createTokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store' // or a store on SQLite, PostgreSQL or Redis

export const tokens = createTokens({ store: memoryStore(), prefix: 'acme_pat', scopes: ['jobs:read'] })
export const close = () => {}
