import type { Parameter, Schema } from '@tessera/http'

/** A document of OpenAPI 3.1: plain data, to serve as JSON. */
export interface OpenApiDocument {
  readonly openapi: string
  readonly info: DocumentInfo
  readonly servers?: readonly DocumentServer[]
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  /** By path, e.g. `/api/tokens/{id}`. */
  readonly paths: Readonly<Record<string, PathItem>>
  readonly components: DocumentComponents
}

export interface DocumentInfo {
  readonly title: string
  readonly version: string
  readonly description?: string
}

export interface DocumentServer {
  readonly url: string
  readonly description?: string
}

export interface DocumentComponents {
  readonly schemas: Readonly<Record<string, Schema>>
  readonly parameters: Readonly<Record<string, Parameter>>
  readonly headers: Readonly<Record<string, Header>>
  readonly securitySchemes: Readonly<Record<string, SecurityScheme>>
}

export type Method = 'get' | 'post' | 'patch' | 'delete'

export type PathItem = Readonly<Partial<Record<Method, DocumentOperation>>>

export interface DocumentOperation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description: string
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters?: readonly (Parameter | Reference)[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  /** By status. */
  readonly responses: Readonly<Record<string, DocumentResponse>>
}

export interface DocumentResponse {
  readonly description: string
  readonly headers?: Readonly<Record<string, Header | Reference>>
  /** Left out for an answer without a body. */
  readonly content?: Content
}

/** By media type. */
export type Content = Readonly<Record<string, { readonly schema: Schema }>>

export interface Header {
  readonly description: string
  /** Whether every answer has it. Default false. */
  readonly required?: boolean
  readonly schema: Schema
}

/** A way to authenticate, as OpenAPI has it: a bearer token, a cookie. */
export interface SecurityScheme {
  readonly type: 'http' | 'apiKey' | 'oauth2' | 'openIdConnect' | 'mutualTLS'
  readonly [field: string]: unknown
}

export interface Reference {
  readonly $ref: string
}
