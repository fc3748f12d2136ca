import type { ProblemCode } from '../../message/problem.ts'

/** A JSON Schema of the draft 2020-12, as a plain object. */
export type Schema = Readonly<Record<string, unknown>>

/** A parameter as OpenAPI 3.1 has it. */
export interface Parameter {
  readonly name: string
  readonly in: 'query' | 'path' | 'header'
  readonly description: string
  readonly required?: boolean
  readonly schema: Schema
}

/**
 * The answers and parameters of a dialect, for documents such as those of `@tessera/openapi`. Plain data. Schemas may refer to
 * each other as `#/components/schemas/Token` and `#/components/schemas/TokenPage`.
 */
export interface DialectDescription {
  /** One record. */
  readonly token: Schema
  /** The body with one record. The answers with a secret get a property `secret` beside it. */
  readonly tokenAnswer: Schema
  /** The body of a list. */
  readonly page: Schema
  /** The body of an error. */
  readonly error: Schema
  /** The bodies of `writeUsage` and `writeRevokedAll`, if the dialect has these. */
  readonly usage?: Schema
  readonly revokedAll?: Schema
  /** The names that lead to the code within an error, e.g. `['error', 'code']`. */
  readonly errorCode: readonly string[]
  /** The query parameters of a list. */
  readonly list: readonly Parameter[]
  /** The parameters that every operation has for `checkOwner`, and the refusals by it. Default none. */
  readonly owner?: { readonly parameters: readonly Parameter[]; readonly problems: readonly ProblemCode[] }
}
