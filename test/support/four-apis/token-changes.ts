/** What can be asked of one token, beside its record: how, where below it, and with which body. */
export interface TokenChange {
  readonly method: string
  readonly action: string
  readonly json?: object
  readonly status: number
}

export const tokenChanges: readonly TokenChange[] = [
  { method: 'DELETE', action: '', status: 200 },
  { method: 'PATCH', action: '', json: { name: 'Another name' }, status: 200 },
  { method: 'POST', action: '/suspend', status: 200 },
  { method: 'POST', action: '/resume', status: 200 },
  { method: 'POST', action: '/rotate', status: 201 },
]
