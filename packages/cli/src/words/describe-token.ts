import type { Token } from '@tessera/core'

/** The facts of a token for `--json`: every field, instants in RFC 3339. */
export function tokenFacts(token: Token): Readonly<Record<string, unknown>> {
  return { ...token }
}

/** The facts of a token for people, each with its title. */
export function tokenLines(token: Token): readonly (readonly [title: string, text: string])[] {
  return [
    ['id', token.id],
    ['name', token.name],
    ['owner', token.owner],
    ['preview', token.preview],
    ['status', token.status + (token.revokedReason === null ? '' : ` (${token.revokedReason})`)],
    ['scopes', token.scopes.join(' ') || '–'],
    ['networks', token.networks?.join(' ') ?? 'any'],
    ['created', instant(token.createdAt)],
    ['created by', token.createdBy ?? '–'],
    ['issued by', token.issuedBy ?? '–'],
    ['expires', token.expiresAt === null ? 'never' : instant(token.expiresAt)],
    ['last used', token.lastUsedAt === null ? 'never' : instant(token.lastUsedAt)],
    ['suspended', instant(token.suspendedAt)],
    ['revoked', instant(token.revokedAt)],
    ['rotated to', token.rotatedTo ?? '–'],
    ['rotated from', token.rotatedFrom ?? '–'],
    ['overlap ends', instant(token.overlapEndsAt)],
    ...Object.entries(token.attributes).map(([name, value]) => [`attribute ${name}`, value] as const),
  ]
}

export function instant(date: Date | null): string {
  return date === null ? '–' : date.toISOString()
}
