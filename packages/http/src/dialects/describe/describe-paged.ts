import type { DialectDescription } from './description.ts'
import { errorCode, fields, message } from './fields.ts'
import { TOKEN, choice, closed, count, list, text } from './schemas.ts'

export const pagedDescription: DialectDescription = {
  token: closed({
    id: fields.id,
    name: fields.name,
    scopes: fields.scopes,
    status: fields.status,
    created_at: fields.createdAt,
    expires_at: fields.expiresAt,
    last_used_at: fields.lastUsedAt,
    created_by: fields.createdBy,
  }),
  tokenAnswer: closed({ data: TOKEN }),
  page: closed({
    data: list(TOKEN, 'The tokens of the page, the oldest first.'),
    meta: closed({
      page: count('The number of the page, from 1.', { minimum: 1 }),
      per_page: count('The most tokens of a page.', { minimum: 1 }),
      total: count('The tokens of all pages.'),
    }),
  }),
  error: closed({
    error: closed({ code: errorCode, message, field: text('The wrong or missing parameter or field.') }, ['field']),
  }),
  errorCode: ['error', 'code'],
  list: [
    {
      name: 'page',
      in: 'query',
      description: 'The number of the page.',
      schema: { type: 'integer', minimum: 1, maximum: 2_147_483_647, default: 1 },
    },
    {
      name: 'per_page',
      in: 'query',
      description: 'The most tokens of a page.',
      schema: { type: 'integer', minimum: 1, maximum: 100, default: 25 },
    },
    {
      name: 'status',
      in: 'query',
      description: 'Only tokens with this status. Default all.',
      schema: choice(['active', 'expired', 'revoked', 'suspended'], 'A status.'),
    },
    {
      name: 'name',
      in: 'query',
      description: 'Only tokens with this text in their name, whatever its case. Default all.',
      schema: { type: 'string', maxLength: 255 },
    },
  ],
}
