import type { ProblemCode } from '@tessera/http'
import { takesPeople, takesTokens } from './api.ts'
import type { Api } from './api.ts'
import type { OperationFacts } from './operations.ts'

const KEYED: readonly ProblemCode[] = [
  'invalid_request',
  'invalid_parameter',
  'idempotency_conflict',
  'idempotency_limit_reached',
]
const WITH_BODY: readonly ProblemCode[] = [
  'invalid_request',
  'invalid_parameter',
  'payload_too_large',
  'unsupported_media_type',
]

/** Every problem of an operation, each once. */
export function problemsOf(operation: OperationFacts, api: Api): readonly ProblemCode[] {
  const { access, path, method, body } = operation
  const own = operation.problems.filter((code) => code !== 'active_limit_reached' || api.rules.activeLimit !== null)
  return [
    ...new Set<ProblemCode>([
      ...(takesTokens(api) ? (['invalid_request', 'invalid_token'] as const) : []),
      'unauthenticated',
      ...(api.scopes[access].length > 0 ? (['insufficient_scope'] as const) : []),
      ...(takesPeople(api) && method !== 'get' ? (['forbidden'] as const) : []),
      ...(api.describe.owner?.problems ?? []),
      ...(method === 'get' && path === '' && api.describe.list.length > 0 ? (['invalid_parameter'] as const) : []),
      ...(api.dialect.listParameters === undefined ? [] : (['invalid_parameter'] as const)),
      ...(path.startsWith('/{id}') ? (['malformed_id', 'not_found'] as const) : []),
      ...(method === 'get' ? [] : KEYED),
      ...(body === undefined ? [] : WITH_BODY),
      ...own,
      'unavailable',
    ]),
  ]
}
