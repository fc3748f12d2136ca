import type { DialectDescription } from './description.ts'
import { errorCode, facts, fields, message } from './fields.ts'
import { TOKEN, closed, list, textOrNull } from './schemas.ts'

const { id, name, preview, scopes, status, createdAt, lastUsedAt, expiresAt, revokedAt } = fields

export const plainDescription: DialectDescription = {
  token: closed({
    id,
    name,
    preview,
    scopes,
    status,
    organizationId: textOrNull('The organization of the token; null if it has none.'),
    createdAt,
    lastUsedAt,
    expiresAt,
    revokedAt,
  }),
  tokenAnswer: closed({ token: TOKEN }),
  page: closed({ tokens: list(TOKEN, 'All tokens of the owner, the newest first.') }),
  error: closed({ error: closed({ code: errorCode, message, details: facts }) }),
  errorCode: ['error', 'code'],
  list: [],
}
