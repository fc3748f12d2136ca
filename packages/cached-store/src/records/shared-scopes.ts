const MOST_LISTS = 1_000
const LONGEST_KEY = 1_000

/**
 * Gives equal lists of scopes as one, frozen, for many cached tokens to share. Most apps grant few different ones.
 * Lists beyond {@link MOST_LISTS}, and long ones, are left as they are.
 */
export function createSharedScopes(): (scopes: readonly string[]) => readonly string[] {
  const lists = new Map<string, readonly string[]>()
  return (scopes) => {
    const key = scopes.join('\n')
    const known = lists.get(key)
    if (known !== undefined && known.length === scopes.length) return known
    if (known !== undefined || key.length > LONGEST_KEY || lists.size >= MOST_LISTS) return scopes
    const list = Object.freeze([...scopes])
    lists.set(key, list)
    return list
  }
}
