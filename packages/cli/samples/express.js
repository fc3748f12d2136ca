// app.js: npm install express @tessera/core @tessera/memory-store @tessera/express
import { authenticate, tokenRouter } from '@tessera/express'
import express from 'express'
import { tokens } from './tokens.js'

const app = express()
app.use('/api/tokens', authenticate(tokens), tokenRouter(tokens))
app.get('/jobs', authenticate(tokens, { scopes: ['jobs:read'] }), (_req, res) => res.json([]))
app.listen(3000)
