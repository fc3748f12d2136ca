import { protect } from '@tessera/fetch'
import { tokens } from '../../tokens.js'

export const GET = protect(tokens, { scopes: ['jobs:read'] }, (_request, { token }) =>
  Response.json({ jobs: [], owner: token.owner }),
)
