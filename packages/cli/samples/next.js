// app/api/tokens/[[...path]]/route.js: npm install @tessera/core @tessera/memory-store @tessera/fetch
import { tokenHandler } from '@tessera/fetch'
import { tokens } from '../../../../tokens.js'

const manage = tokenHandler(tokens, { basePath: '/api/tokens' })
export { manage as GET, manage as POST, manage as PATCH, manage as DELETE }
