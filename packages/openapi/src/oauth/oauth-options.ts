import { checkOptions, isString } from '@tessera/core'
import type { OptionRule } from '@tessera/core'
import type { IntrospectionOptions, MetadataEndpoint, RevocationOptions } from '@tessera/http'

/** The OAuth endpoints of an app, each with its path. */
export interface OAuthEndpoints {
  /** `revocationHandler`, with its options. */
  readonly revocation?: RevocationEndpoint
  /** `introspectionHandler`, with its options. */
  readonly introspection?: IntrospectionEndpoint
  /** The results of `authorizationServerMetadata` and `protectedResourceMetadata`. */
  readonly metadata?: readonly MetadataEndpoint[]
}

/** The options of the handler are there to be given as they are: the answers depend on which there are. */
export type RevocationEndpoint = Mounted & { readonly [Option in keyof RevocationOptions]?: unknown }
export type IntrospectionEndpoint = Mounted & { readonly [Option in keyof IntrospectionOptions]?: unknown }

interface Mounted {
  /** From the root of the host, e.g. `/oauth/revoke`. */
  readonly path: string
}

const any: OptionRule = { right: 'an option of the handler', test: () => true }
const path: OptionRule = { right: 'a path that begins with /', test: isPath, required: true }
const revocationRules: Readonly<Record<keyof RevocationEndpoint, OptionRule>> = {
  path,
  client: any,
  mayRevoke: any,
  accessTokens: any,
  revokesParent: any,
  onError: any,
}
const introspectionRules: Readonly<Record<keyof IntrospectionEndpoint, OptionRule>> = {
  path,
  client: any,
  mayIntrospect: any,
  countsAsUse: any,
  issuer: any,
  audience: any,
  onError: any,
}

/** @throws TypeError for an unknown or wrong option, with its name */
export function checkOAuth(endpoints: OAuthEndpoints): void {
  const endpoint = {
    right: 'an object with a path',
    test: (value: unknown) => typeof value === 'object' && value !== null,
  }
  checkOptions('openApi: oauth', endpoints, {
    revocation: endpoint,
    introspection: endpoint,
    metadata: {
      right: 'a list of metadata endpoints',
      test: (value) => Array.isArray(value) && value.every(isMetadata),
    },
  })
  const { revocation, introspection } = endpoints
  if (revocation !== undefined) checkOptions('openApi: oauth.revocation', revocation, revocationRules)
  if (introspection !== undefined) checkOptions('openApi: oauth.introspection', introspection, introspectionRules)
}

function isPath(value: unknown): boolean {
  return isString(value) && /^\/[^?#{}]*$/.test(value)
}

/** Told apart by their well-known names. */
function isMetadata(value: unknown): boolean {
  const at: unknown = Reflect.get(Object(value), 'path')
  return isString(at) && /^\/\.well-known\/oauth-(?:authorization-server|protected-resource)(?:\/|$)/.test(at)
}
