import type { Schema } from '@tessera/http'
import type { Api } from './api.ts'

const SCOPES: Schema = {
  type: 'array',
  maxItems: 100,
  items: { $ref: '#/components/schemas/Scope' },
  description: "What the token may do. The caller's own scopes at most.",
}

const NETWORKS: Schema = {
  type: ['array', 'null'],
  minItems: 1,
  maxItems: 50,
  items: { type: 'string' },
  description: 'The networks that the token may be used from: CIDR blocks or addresses. Null for any.',
}

const NAME: Schema = {
  type: 'string',
  minLength: 1,
  maxLength: 255,
  description: 'What people call the token. No control, zero-width or direction characters.',
}

const REVOKED: Readonly<Record<string, Schema>> = {
  createdBy: { type: 'string', description: 'Only tokens that were made by this person, to the letter.' },
  issuedBy: {
    type: 'string',
    description: 'Only tokens that were made by the token with this id, or by what it made.',
  },
  createdBefore: {
    type: 'string',
    format: 'date-time',
    description: 'Only tokens that were issued before this instant.',
  },
  scope: { type: 'string', description: 'Only tokens that hold this scope.' },
  exceptId: { type: 'string', description: 'The id of a token to spare; `self` for the token of the request.' },
  reason: { type: 'string', enum: ['requested', 'leaked'], description: 'Why they are revoked. Default `requested`.' },
}

const FILTERED = 'At least one of `createdBy`, `issuedBy`, `createdBefore` and `scope`. All that are given must hold.'

const MOST_OVERLAP_SECONDS = 30 * 24 * 60 * 60

/** The bodies of requests, as components. */
export function bodySchemas(api: Api): Readonly<Record<string, Schema>> {
  const { expiryField, overlapField = 'overlapSeconds' } = api.dialect
  const expiry = (description: string) => ({ [expiryField]: expirySchema(api.rules, description) })
  return {
    Scope: scopeSchema(api.rules),
    IssueToken: issueSchema(api),
    EditToken: body(
      { name: NAME, scopes: SCOPES, ...expiry('When the token expires.'), networks: NETWORKS },
      { minProperties: 1 },
    ),
    RevokeTokens: body(REVOKED, { minProperties: 1, description: FILTERED }),
    RotateToken: body({
      [overlapField]: {
        type: 'integer',
        minimum: 0,
        maximum: MOST_OVERLAP_SECONDS,
        description: 'How many seconds the old token is accepted beside the new one. Default a day.',
      },
      ...expiry('When the new token expires. Default the expiry of the old one.'),
    }),
  }
}

function issueSchema({ dialect: { expiryField, attributesField }, attributes, rules }: Api): Schema {
  const { defaultMs = rules.expiry.slidingMs } = rules.expiry
  const hasDefault = defaultMs !== undefined || !isExpiryRequired(rules)
  const byDefault = defaultMs === undefined ? 'Default never.' : `Default ${inWords(defaultMs)} from now.`
  const description = ['When the token expires.', ...(hasDefault ? [byDefault] : [])].join(' ')
  return body(
    {
      name: NAME,
      scopes: SCOPES,
      [expiryField]: expirySchema(rules, description),
      networks: NETWORKS,
      ...(attributesField !== undefined && { [attributesField]: attributesSchema(attributes) }),
    },
    { required: ['name', 'scopes', ...(hasDefault ? [] : [expiryField])] },
  )
}

function expirySchema(rules: Api['rules'], description: string): Schema {
  const format = 'date-time'
  if (isExpiryRequired(rules)) return { type: 'string', format, description }
  return { type: ['string', 'null'], format, description: `${description} Null for never.` }
}

function isExpiryRequired({ expiry: { required = false, maxMs } }: Api['rules']): boolean {
  return required || maxMs !== undefined
}

function attributesSchema(names: readonly string[]): Schema {
  const attribute = (name: string) => ({ type: 'string', maxLength: 1024, description: `The ${name} of the token.` })
  const properties = Object.fromEntries(names.map((name) => [name, attribute(name)]))
  return {
    ...body(properties),
    description: 'What this API keeps with the token, beside the attributes of the caller.',
  }
}

function body(properties: Readonly<Record<string, Schema>>, more: Schema = {}): Schema {
  return { type: 'object', additionalProperties: false, properties, ...more }
}

/** Of the catalogue, if there is one. An answer may hold others: scopes of old tokens that were withdrawn since. */
function scopeSchema({ scopes, wildcards }: Api['rules']): Schema {
  const description = wildcards ? 'A scope. One that ends with `:*` covers all with its beginning.' : 'A scope.'
  if (scopes !== null) return { type: 'string', enum: scopes, description }
  return { type: 'string', pattern: '^[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,128}$', description }
}

const UNITS = [
  ['day', 24 * 60 * 60 * 1000],
  ['hour', 60 * 60 * 1000],
  ['minute', 60 * 1000],
  ['second', 1000],
] as const

function inWords(ms: number): string {
  const [unit, length] = UNITS.find(([, each]) => ms % each === 0) ?? ['millisecond', 1]
  return `${ms / length} ${unit}${ms === length ? '' : 's'}`
}
