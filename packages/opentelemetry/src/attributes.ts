import type { Attributes } from '@opentelemetry/api'
import type { Diagnostics } from '@tessera/core'

export type Call = Diagnostics['verify'] | Diagnostics['verb'] | Diagnostics['store']

/** How a call ended, without owner, id and preview: for metrics and spans alike. */
export function outcomeOf({ outcome, reason }: Call): Attributes {
  return {
    ...(outcome !== null && { 'tessera.outcome': outcome }),
    ...(outcome === 'refused' && reason !== null && { 'tessera.refusal.reason': reason }),
  }
}

/** @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/error/ */
export function errorTypeOf({ outcome, reason, error }: Call): Attributes {
  if (outcome !== 'failed') return {}
  return { 'error.type': reason ?? (error instanceof Error ? error.name : '_OTHER') }
}

/** For spans only. */
export function tokenOf(call: Call): Attributes {
  if (!('tokenId' in call)) return {}
  const { owner, tokenId } = call
  return { ...(owner !== null && { 'tessera.owner': owner }), ...(tokenId !== null && { 'tessera.token.id': tokenId }) }
}
