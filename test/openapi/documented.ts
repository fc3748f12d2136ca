import type { Parameter } from '@tessera/http'
import type { DocumentOperation, OpenApiDocument } from '@tessera/openapi'

/** An operation of a document, with its place in it. */
export interface Documented {
  readonly path: string
  readonly method: string
  readonly operation: DocumentOperation
}

export function operationsIn({ paths }: OpenApiDocument): readonly Documented[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  )
}

export const FORM = 'application/x-www-form-urlencoded'

/** The media type of a request's body, if it takes one. */
export function mediaTypeOf({ operation }: Documented): string | undefined {
  return Object.keys(operation.requestBody?.content ?? {})[0]
}

/** The name of the schema of a request's body, if it takes JSON. */
export function bodyOf({ operation }: Documented): string | undefined {
  const $ref = operation.requestBody?.content['application/json']?.schema['$ref']
  return typeof $ref === 'string' ? $ref.split('/').at(-1) : undefined
}

export function parametersIn({ operation }: Documented, { components }: OpenApiDocument): readonly Parameter[] {
  return (operation.parameters ?? []).flatMap((each) => {
    const parameter = '$ref' in each ? components.parameters[each.$ref.split('/').at(-1) ?? ''] : each
    return parameter === undefined ? [] : [parameter]
  })
}
