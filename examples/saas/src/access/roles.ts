/** What a token may do, with the words of the token page. */
export const SCOPES = {
  'projects:read': 'See the projects',
  'projects:write': 'Start projects',
  'people:read': 'See who belongs to the organization',
  'audit:read': 'Read the audit log',
  'organization:write': 'Rename the organization',
} as const

export type Scope = keyof typeof SCOPES

export const ROLES = ['member', 'admin', 'owner'] as const

export type Role = (typeof ROLES)[number]

const MEMBER: readonly Scope[] = ['projects:read', 'projects:write']
const ADMIN: readonly Scope[] = [...MEMBER, 'people:read', 'audit:read']
const OWNER: readonly Scope[] = [...ADMIN, 'organization:write']

const RIGHTS: Readonly<Record<Role, readonly Scope[]>> = { member: MEMBER, admin: ADMIN, owner: OWNER }

/** The rights of a person, and so the most that their tokens may do. */
export function rightsOf(role: Role): readonly Scope[] {
  return RIGHTS[role]
}

export function mayDo(role: Role, scope: string): boolean {
  return rightsOf(role).some((right) => right === scope)
}

/** Owners manage everybody, and admins the members. */
export function mayManage(role: Role, other: Role): boolean {
  return role === 'owner' || (role === 'admin' && other === 'member')
}

export function isRole(value: unknown): value is Role {
  return ROLES.some((role) => role === value)
}
