import type { AccessScopes, OperationName, ProblemCode } from '@tessera/http'
import type { Method } from '../document/document.ts'

/** The facts about an operation in any dialect. */
export interface OperationFacts {
  readonly operationId: string
  readonly method: Method
  /** Below the mount point, as a path template. */
  readonly path: string
  readonly access: keyof AccessScopes
  readonly summary: string
  readonly description: string
  /** The schema of the body, if it takes one. */
  readonly body?: { readonly schema: string; readonly required: boolean }
  readonly answer: { readonly status: 200 | 201; readonly schema: string; readonly description: string }
  /** The refusals beside those of every operation of its kind. */
  readonly problems: readonly ProblemCode[]
}

const CHANGED = { status: 200, schema: 'TokenAnswer', description: 'The token as it is now.' } as const

export const operations: Readonly<Record<OperationName, OperationFacts>> = {
  list: {
    operationId: 'listTokens',
    method: 'get',
    path: '',
    access: 'read',
    summary: 'List tokens',
    description: "The tokens of the caller's owner.",
    answer: { status: 200, schema: 'TokenPage', description: 'A page of tokens.' },
    problems: [],
  },
  issue: {
    operationId: 'issueToken',
    method: 'post',
    path: '',
    access: 'write',
    summary: 'Issue a token',
    description:
      "The token is of the caller's owner, with none but the caller's scopes and networks. The secret is in this answer and in no other.",
    body: { schema: 'IssueToken', required: true },
    answer: { status: 201, schema: 'IssuedToken', description: 'The new token, with its secret.' },
    problems: ['missing_parameter', 'insufficient_scope', 'active_limit_reached'],
  },
  get: {
    operationId: 'getToken',
    method: 'get',
    path: '/{id}',
    access: 'read',
    summary: 'Show a token',
    description: "One of the owner's tokens.",
    answer: { status: 200, schema: 'TokenAnswer', description: 'The token.' },
    problems: [],
  },
  revoke: {
    operationId: 'revokeToken',
    method: 'delete',
    path: '/{id}',
    access: 'write',
    summary: 'Revoke a token',
    description: 'It is refused from now on, everywhere and for ever. Revoking it again changes nothing.',
    answer: CHANGED,
    problems: [],
  },
  edit: {
    operationId: 'editToken',
    method: 'patch',
    path: '/{id}',
    access: 'write',
    summary: 'Edit a token',
    description: 'Fields that are left out stay as they are. A token that edits itself only narrows.',
    body: { schema: 'EditToken', required: true },
    answer: CHANGED,
    problems: ['missing_parameter', 'insufficient_scope', 'forbidden', 'invalid_transition'],
  },
  rotate: {
    operationId: 'rotateToken',
    method: 'post',
    path: '/{id}/rotate',
    access: 'write',
    summary: 'Rotate a token',
    description:
      'A successor takes its place. The old token is accepted until the first use of the successor, or the end of the overlap. A token that rotates itself may ask again if the answer was lost.',
    body: { schema: 'RotateToken', required: false },
    answer: { status: 201, schema: 'IssuedToken', description: 'The successor, with its secret.' },
    problems: ['insufficient_scope', 'forbidden', 'invalid_transition', 'active_limit_reached'],
  },
  suspend: {
    operationId: 'suspendToken',
    method: 'post',
    path: '/{id}/suspend',
    access: 'write',
    summary: 'Suspend a token',
    description: 'It is refused until it is resumed.',
    answer: CHANGED,
    problems: ['invalid_transition'],
  },
  resume: {
    operationId: 'resumeToken',
    method: 'post',
    path: '/{id}/resume',
    access: 'write',
    summary: 'Resume a token',
    description: 'A suspended token is accepted again.',
    answer: CHANGED,
    problems: ['invalid_transition'],
  },
  usage: {
    operationId: 'getUsage',
    method: 'get',
    path: '/usage',
    access: 'read',
    summary: 'Show the usage',
    description: 'How many active tokens the owner has, and may have.',
    answer: { status: 200, schema: 'Usage', description: 'The usage.' },
    problems: [],
  },
  revokeAll: {
    operationId: 'revokeTokens',
    method: 'post',
    path: '/revoke-all',
    access: 'revokeAll',
    summary: 'Revoke many tokens',
    description: "All of the owner's tokens that meet every filter are refused from now on, for ever.",
    body: { schema: 'RevokeTokens', required: true },
    answer: { status: 200, schema: 'RevokedTokens', description: 'How many it were.' },
    problems: ['missing_parameter'],
  },
}
