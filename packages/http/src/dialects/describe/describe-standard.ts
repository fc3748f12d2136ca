import type { DialectDescription, Parameter, Schema } from './description.ts'
import { errorCode, facts, fields } from './fields.ts'
import { TOKEN, closed, count, countOrNull, instantOrNull, list, text, textOrNull } from './schemas.ts'

const REASONS = ['requested', 'leaked', 'rotated', 'expired_unused', 'administrative']

const token = closed({
  ...fields,
  networks: {
    type: ['array', 'null'],
    items: { type: 'string' },
    description: 'The networks that the token may be used from, as CIDR blocks; null for any.',
  },
  attributes: {
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'What this API keeps with the token, under names of its own.',
  },
  issuedBy: textOrNull('The id of the token that issued this one; null for a person.'),
  suspendedAt: instantOrNull('When the token was suspended; null if it is not.'),
  revokedReason: {
    type: ['string', 'null'],
    enum: [...REASONS, null],
    description: 'Why the token was revoked; null if it was not.',
  },
  rotatedTo: textOrNull('The id of the successor; null if there is none.'),
  rotatedFrom: textOrNull('The id of the predecessor; null if there is none.'),
  overlapEndsAt: instantOrNull(
    'When the old one of two tokens ends, if nobody uses the new one before; null outside a rotation.',
  ),
  current: { type: 'boolean', description: 'Whether this is the token of the request.' },
})

const usage = {
  ...closed({
    active: count('The active and suspended tokens of the owner.'),
    limit: countOrNull('How many there may be; null for any number.'),
  }),
  description: 'How much of the limit the owner uses.',
}

const fault = closed({
  parameter: text('The wrong, missing or unknown parameter or field.'),
  detail: text('What would be right.'),
})

const { parameter: _, ...otherFacts } = facts['properties'] as Readonly<Record<string, Schema>>
const optional = [...Object.keys(otherFacts), 'errors']

const error = closed(
  {
    type: text('A page about the code, or `about:blank`.', { format: 'uri-reference' }),
    title: text('The name of the status.'),
    status: count('The status of the answer.', { minimum: 400, maximum: 599 }),
    code: errorCode,
    detail: text('The reason, for people. It may change.'),
    ...otherFacts,
    errors: list(fault, 'What is wrong with which parameter or field.'),
  },
  optional,
)

const dateTime = { type: 'string', format: 'date-time' }
const line = { type: 'string', minLength: 1, maxLength: 255 }

function filter(name: string, description: string, schema: Schema): Parameter {
  return { name, in: 'query', description: `Only tokens ${description}. Default all.`, schema }
}

function option(name: string, description: string, schema: Schema): Parameter {
  return { name, in: 'query', description, schema }
}

export const standardDescription: DialectDescription = {
  token,
  tokenAnswer: closed({ token: TOKEN }),
  page: closed({
    tokens: list(TOKEN, 'The tokens of the page. It may have fewer than `limit`, or none: only `next` tells the end.'),
    next: textOrNull('The `after` of the next page; null on the last one.'),
    usage,
  }),
  error,
  errorCode: ['code'],
  usage: closed({ usage }),
  revokedAll: closed({ revoked: count('How many tokens were revoked.') }),
  list: [
    filter('status', 'with one of these statuses, with a comma between', {
      type: 'string',
      examples: ['active,suspended'],
    }),
    filter('name', 'with this text in their name, whatever its case', { type: 'string', maxLength: 255 }),
    filter('createdBy', 'that were made by this person, to the letter, or by what they made', line),
    filter('issuedBy', 'that were made by the token with this id, or by what it made', { type: 'string' }),
    filter('scope', 'that hold this scope', { type: 'string' }),
    filter('createdAfter', 'that were issued after this instant', dateTime),
    filter('createdBefore', 'that were issued before this instant', dateTime),
    filter('usedAfter', 'that were used after this instant', dateTime),
    filter('unusedSince', 'that were issued before this instant and not used since', dateTime),
    filter('expiresBefore', 'that expire before this instant', dateTime),
    option('sort', 'What to sort by.', { type: 'string', enum: ['createdAt', 'lastUsedAt'], default: 'createdAt' }),
    option('order', 'Whether the order is descending or ascending.', {
      type: 'string',
      enum: ['desc', 'asc'],
      default: 'desc',
    }),
    option('limit', 'The most tokens of a page.', { type: 'integer', minimum: 1, maximum: 100, default: 50 }),
    option('after', 'The `next` of a page with the same filters and order. Default the first page.', {
      type: 'string',
    }),
  ],
}
