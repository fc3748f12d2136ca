import type { Dialect, OperationName } from '@tessera/http'
import type { DocumentOperation, PathItem } from '../document/document.ts'
import type { Api } from './api.ts'
import type { MountPath } from './mount-path.ts'
import { operations } from './operations.ts'
import { parametersOf } from './parameters.ts'
import { responsesOf } from './responses.ts'

export const TOKENS_TAG = {
  name: 'Tokens',
  description: 'API tokens: to issue, list, edit, rotate, suspend and revoke.',
} as const

/** The paths of the operations below a mount point. */
export function tokenPaths(
  names: readonly OperationName[],
  api: Api,
  at: MountPath,
): Readonly<Record<string, PathItem>> {
  const paths: Record<string, Record<string, DocumentOperation>> = {}
  for (const name of names.filter((each) => hasWords(api.dialect, each))) {
    const { path, method } = operations[name]
    const template = `${at.template}${path}` || '/'
    paths[template] = { ...paths[template], [method]: describeOperation(name, api, at) }
  }
  return paths
}

function describeOperation(name: OperationName, api: Api, at: MountPath): DocumentOperation {
  const operation = operations[name]
  const { operationId, summary, description, access, body } = operation
  const content = body && { 'application/json': { schema: { $ref: `#/components/schemas/${body.schema}` } } }
  return {
    operationId,
    tags: [TOKENS_TAG.name],
    summary,
    description,
    security: Object.keys(api.security).map((scheme) => ({ [scheme]: api.scopes[access] })),
    parameters: parametersOf(operation, api, at.parameters),
    ...(body && content && { requestBody: { required: body.required, content } }),
    responses: responsesOf(operation, api),
  }
}

/** As routers and handlers have it: an operation without words in the dialect is not there. */
function hasWords({ writeUsage, writeRevokedAll }: Dialect, name: OperationName): boolean {
  if (name === 'usage') return writeUsage !== undefined
  return name !== 'revokeAll' || writeRevokedAll !== undefined
}
