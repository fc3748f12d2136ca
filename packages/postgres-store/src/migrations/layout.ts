/** The layout of the tables and functions in use by this version. */
export const LAYOUT = 2

/**
 * The functions in use by this version. Each has in its name the layout of its first day. Functions of earlier layouts
 * serve earlier versions.
 */
export const FUNCTIONS: readonly string[] = [
  'history_v1',
  'now_v1',
  'server_v1',
  'row_v1',
  'refuse_v1',
  'until_v1',
  'guard_v1',
  'by_index_v1',
  'show_v1',
  'announce_v1',
  'write_change_v1',
  'write_uses_v1',
  'prune_tokens_v1',
  'prune_requests_v1',
  'claim_pruning_v1',
  'lease_v2',
  'raise_lease_v2',
  'lend_v2',
  'announce_v2',
  'write_change_v2',
]

/** The privileges on each table for the verbs of a store, and no more. */
export const PRIVILEGES: ReadonlyMap<string, readonly string[]> = new Map([
  ['tokens', ['select', 'insert', 'update', 'delete']],
  ['totals', ['select', 'insert', 'update']],
  ['requests', ['select', 'insert', 'update', 'delete']],
  ['changes', ['select', 'insert', 'delete']],
  ['facts', ['select', 'insert', 'update']],
  ['migrations', ['select']],
])
