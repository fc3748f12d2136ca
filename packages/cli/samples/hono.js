// app.js: npm install hono @hono/node-server @tessera/core @tessera/memory-store @tessera/fetch
import { protect, tokenHandler } from '@tessera/fetch'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { tokens } from './tokens.js'

const manage = tokenHandler(tokens, { basePath: '/api/tokens' })
const jobs = protect(tokens, { scopes: ['jobs:read'] }, () => Response.json([]))
const app = new Hono()
app.all('/api/tokens/*', ({ req }) => manage(req.raw)).all('/api/tokens', ({ req }) => manage(req.raw))
app.get('/jobs', ({ req }) => jobs(req.raw))
serve(app)
