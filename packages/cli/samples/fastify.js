// app.js: npm install fastify @tessera/core @tessera/memory-store @tessera/fastify
import { tessera, tokenPlugin } from '@tessera/fastify'
import Fastify from 'fastify'
import { tokens } from './tokens.js'

const app = Fastify()
await app.register(tessera, { tokens })
app.register(tokenPlugin, { prefix: '/api/tokens', tokens })
app.get('/jobs', { onRequest: app.requireToken({ scopes: ['jobs:read'] }) }, async () => [])
await app.listen({ port: 3000 })
