import type { DialectDescription } from './description.ts'
import { errorCode, fields, message } from './fields.ts'
import { TOKEN, choice, closed, count, countOrNull, list, text, textOrNull } from './schemas.ts'

const FIELDS = ['id', 'status', 'timestamp', 'last_seen']
const DIRECTIONS = ['asc', 'desc']

const token = closed({
  account_id: text('The account of the token.'),
  created_by_admin_user_id: fields.createdBy,
  environment_id: textOrNull('The environment that the token is bound to; null for the whole account.'),
  expires_at: fields.expiresAt,
  id: fields.id,
  inserted_at: fields.createdAt,
  last_used_at: fields.lastUsedAt,
  status: choice(['active', 'suspended', 'revoked'], 'What was made of the token. An expired one keeps its status.'),
  token_scope: choice(['account', 'environment'], 'Whether the token is bound to an environment.'),
  type: { const: 'api_token', description: 'What the record is of.' },
  updated_at: fields.updatedAt,
})

const pagination = closed({
  item_count: count('The tokens of all pages.'),
  item_start: count('The number of the first token of the page, from 1; 0 for an empty page.'),
  item_end: count('The number of the last token of the page; 0 for an empty page.'),
  page_count: count('The number of pages.'),
  page_index: count('The number of the page, from 1.', { minimum: 1 }),
  page_offset: count('The tokens before the page.'),
  page_size: count('The most tokens of a page.', { minimum: 1 }),
  next_page_offset: countOrNull('The offset of the next page; null for the last one.'),
  previous_page_offset: countOrNull('The offset of the page before; null for the first one.'),
})

const sorting = closed({
  field: choice(FIELDS, 'The field that the tokens are sorted by.'),
  direction: choice(DIRECTIONS, 'Whether the order is ascending or descending.'),
})

export const offsetDescription: DialectDescription = {
  token,
  tokenAnswer: closed({ status: { const: 'success', description: 'The request was carried out.' }, api_token: TOKEN }),
  page: closed({
    status: { const: 'success', description: 'The request was carried out.' },
    pagination,
    sorting,
    summaries: list(TOKEN, 'The tokens of the page.'),
  }),
  error: closed({
    status: { const: 'error', description: 'The request was refused.' },
    code: errorCode,
    message,
  }),
  errorCode: ['code'],
  list: [
    {
      name: 'pagination[offset]',
      in: 'query',
      description: 'The tokens before the page.',
      schema: { type: 'integer', minimum: 0, maximum: 2_147_483_647, default: 0 },
    },
    {
      name: 'pagination[page_size]',
      in: 'query',
      description: 'The most tokens of a page.',
      schema: { type: 'integer', minimum: 1, maximum: 100, default: 10 },
    },
    {
      name: 'sorting[field]',
      in: 'query',
      description: 'The field to sort by: `timestamp` is the creation, `last_seen` the last use.',
      schema: { type: 'string', enum: FIELDS, default: 'id' },
    },
    {
      name: 'sorting[direction]',
      in: 'query',
      description: 'Whether the order is ascending or descending.',
      schema: { type: 'string', enum: DIRECTIONS, default: 'asc' },
    },
  ],
  owner: {
    parameters: [
      {
        name: 'account_id',
        in: 'query',
        description: "The account. Default the caller's own, and no other is permitted.",
        schema: { type: 'string' },
      },
    ],
    problems: ['invalid_parameter', 'malformed_reference', 'forbidden'],
  },
}
