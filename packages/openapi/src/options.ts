import { checkOptions, hasMethods, isString } from '@tessera/core'
import type { OptionRule } from '@tessera/core'
import { handlerRules, operationNames } from '@tessera/http'
import type { AccessScopes, Dialect, DialectDescription, OperationName } from '@tessera/http'
import type { DocumentServer, SecurityScheme } from './document/document.ts'
import { checkOAuth } from './oauth/oauth-options.ts'
import type { OAuthEndpoints } from './oauth/oauth-options.ts'

/** The mounted API. `dialect`, `scopes` and `attributes` are those of the router or handler. */
export interface OpenApiOptions {
  /** The name of the API. */
  readonly title: string
  /** The version of the API, in its own counting. */
  readonly version: string
  /** The purpose of the API; may be Markdown. Default none. */
  readonly description?: string
  /** Default `standard`. */
  readonly dialect?: Dialect
  /** The path of the mount point, e.g. `/api/tokens` or `/orgs/:orgID/tokens`. Default `/`. */
  readonly basePath?: string
  /** The mounted operations. Default all of the dialect. */
  readonly operations?: readonly OperationName[]
  /** The scopes asked of a caller. Default those of the dialect. */
  readonly scopes?: AccessScopes
  /** The names of attributes that a request may give a new token, in dialects with a field for them. Default none. */
  readonly attributes?: readonly string[]
  /** The hosts of the API. Default the host of the document. */
  readonly servers?: readonly DocumentServer[]
  /**
   * The ways to authenticate by their names, each by itself, as OpenAPI has them. One that is not bearer is of people: a
   * cookie. Default `{ token: { type: 'http', scheme: 'bearer' } }`.
   */
  readonly security?: Readonly<Record<string, SecurityScheme>>
  /** The OAuth endpoints beside it. Default none. */
  readonly oauth?: OAuthEndpoints
}

const text: OptionRule = { right: 'a text that is not empty', test: (value) => isString(value) && value !== '' }
const SCHEMES: readonly unknown[] = ['http', 'apiKey', 'oauth2', 'openIdConnect', 'mutualTLS']

const rules: Readonly<Record<keyof OpenApiOptions, OptionRule>> = {
  title: { ...text, required: true },
  version: { ...text, required: true },
  description: text,
  dialect: handlerRules.dialect,
  basePath: { right: 'a path', test: isString },
  operations: { right: `a list of some of ${operationNames.join(', ')}, each once`, test: areOperations },
  scopes: handlerRules.scopes,
  attributes: handlerRules.attributes,
  servers: { right: 'a list of { url, description }', test: (value) => Array.isArray(value) && value.every(isServer) },
  security: { right: 'an object of security schemes by name, each with a type of OpenAPI', test: areSchemes },
  oauth: { right: 'an object', test: (value) => typeof value === 'object' && value !== null },
}

/** @throws TypeError for a missing, unknown or wrong option, with its name */
export function checkOpenApiOptions(tokens: unknown, options: OpenApiOptions): void {
  if (!hasMethods(tokens, ['verify', 'list']) || typeof Reflect.get(Object(tokens), 'rules') !== 'object') {
    throw new TypeError('openApi: the first argument must be what createTokens() returns')
  }
  checkOptions('openApi', options, rules)
  if (options.oauth !== undefined) checkOAuth(options.oauth)
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
const descriptionRules: Readonly<Record<keyof DialectDescription, OptionRule>> = {
  token: { right: 'a schema', test: isObject, required: true },
  tokenAnswer: { right: 'a schema of an object, with its properties', test: hasProperties, required: true },
  page: { right: 'a schema', test: isObject, required: true },
  error: { right: 'a schema', test: isObject, required: true },
  errorCode: {
    right: 'a list of names',
    test: (value) => Array.isArray(value) && value.every(isString),
    required: true,
  },
  list: { right: 'a list of parameters', test: Array.isArray, required: true },
  owner: { right: '{ parameters, problems }', test: isObject },
  usage: { right: 'a schema', test: isObject },
  revokedAll: { right: 'a schema', test: isObject },
}

/**
 * The description that a dialect brings.
 *
 * @throws TypeError if it brings none, or a wrong one
 */
export function descriptionOf({ describe, writeUsage, writeRevokedAll }: Dialect): DialectDescription {
  if (describe === undefined) {
    throw new TypeError(
      'openApi: the dialect has no "describe": give it a DialectDescription, the schemas of its answers',
    )
  }
  checkOptions('openApi: dialect.describe', describe, {
    ...descriptionRules,
    usage: { ...descriptionRules.usage, required: writeUsage !== undefined },
    revokedAll: { ...descriptionRules.revokedAll, required: writeRevokedAll !== undefined },
  })
  return describe
}

function hasProperties(value: unknown): boolean {
  return isObject(value) && isObject(Reflect.get(value, 'properties'))
}

function areOperations(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0 || new Set(value).size < value.length) return false
  return value.every((name) => operationNames.includes(name))
}

function isServer(value: unknown): boolean {
  return isObject(value) && isString(Reflect.get(value, 'url'))
}

function areSchemes(value: unknown): boolean {
  if (!isObject(value)) return false
  const schemes = Object.values(value)
  return (
    schemes.length > 0 && schemes.every((scheme) => isObject(scheme) && SCHEMES.includes(Reflect.get(scheme, 'type')))
  )
}
