import { tokenHandler } from '@tessera/fetch'
import { tokens } from '../../../tokens.js'

/**
 * Stands for the app's own login.
 *
 * @param {Request} request
 */
function caller({ headers }) {
  const { SESSION } = process.env
  const isSignedIn = Boolean(SESSION) && headers.get('cookie') === `session=${SESSION}`
  return isSignedIn && { owner: 'acme', scopes: null }
}

const handle = tokenHandler(tokens, { basePath: '/api/tokens', caller })
export { handle as DELETE, handle as GET, handle as PATCH, handle as POST }
