import type { DialectDescription } from './description.ts'
import { errorCode, fields, message } from './fields.ts'
import { TOKEN, closed, list, text } from './schemas.ts'

const details = closed({
  field: text('The wrong or missing parameter or field.'),
  code: errorCode,
  message,
})

export const cursorDescription: DialectDescription = {
  token: closed({
    id: { ...fields.id, format: 'uuid' },
    org_id: text('The organization of the token.', { format: 'uuid' }),
    name: fields.name,
    prefix: text('The beginning of the secret, to recognize it by.'),
    scopes: fields.scopes,
    last_used_at: fields.lastUsedAt,
    expires_at: fields.expiresAt,
    created_at: fields.createdAt,
  }),
  tokenAnswer: closed({ item: TOKEN }),
  page: closed({
    items: list(TOKEN, 'The tokens of the page, the oldest first. Revoked ones are left out.'),
    next_cursor: {
      type: ['string', 'null'],
      format: 'uuid',
      description: 'The cursor of the next page; null on the last one.',
    },
  }),
  error: closed({
    error: closed({ code: errorCode, message, details: list(details, 'What is wrong with which field.') }),
  }),
  errorCode: ['error', 'code'],
  list: [
    {
      name: 'cursor',
      in: 'query',
      description: 'The `next_cursor` of the page before. Default the first page.',
      schema: { type: 'string', format: 'uuid' },
    },
    {
      name: 'limit',
      in: 'query',
      description: 'The most tokens of a page.',
      schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
    },
  ],
  owner: {
    parameters: [
      {
        name: 'orgID',
        in: 'path',
        required: true,
        description: "The organization: the caller's own.",
        schema: { type: 'string', format: 'uuid' },
      },
    ],
    problems: ['invalid_parameter', 'not_found'],
  },
}
