import type { Parameter } from '@tessera/http'
import type { Api } from './api.ts'
import type { Reference } from '../document/document.ts'
import type { OperationFacts } from './operations.ts'

export const parameterComponents: Readonly<Record<string, Parameter>> = {
  TokenId: {
    name: 'id',
    in: 'path',
    required: true,
    description: 'The id of the token, or `self` for the token of the request.',
    schema: { type: 'string', minLength: 1, maxLength: 128 },
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'Gives the same request its effect once in 24 hours, however often it is sent. Of your choice.',
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
  },
}

/** Every parameter of an operation. */
export function parametersOf(
  { path, method }: OperationFacts,
  { dialect, describe }: Api,
  ofMount: readonly Parameter[],
): readonly (Parameter | Reference)[] {
  const { idempotencyParameter: keyName } = dialect
  const inQuery = describe.owner?.parameters.filter((parameter) => parameter.in !== 'path') ?? []
  return [
    ...ofMount,
    ...(path.startsWith('/{id}') ? [component('TokenId')] : []),
    ...inQuery,
    ...(path === '' && method === 'get' ? describe.list : []),
    ...(method !== 'get' ? [component('IdempotencyKey')] : []),
    ...(method !== 'get' && keyName !== undefined ? [keyInQuery(keyName)] : []),
  ]
}

function component(name: string): Reference {
  return { $ref: `#/components/parameters/${name}` }
}

function keyInQuery(name: string): Parameter {
  return {
    name,
    in: 'query',
    description: 'The same as the header `Idempotency-Key`. Only one of them.',
    schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
  }
}
