import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const GUIDE = readFileSync(join(import.meta.dirname, '../docs/operations.md'), 'utf8')

/** The permissions of a row of the guide's table, such as `+get`. */
function permissionsOf(where: string): readonly string[] {
  const cells =
    GUIDE.split('\n')
      .find((line) => line.startsWith(`| ${where}`))
      ?.split('`') ?? []
  const cell = cells.at(-2) ?? ''
  return cell.replaceAll('\\|', '|').split(' ')
}

/** What the guide says that a Redis user needs. */
export const PERMISSIONS = {
  everywhere: permissionsOf('everywhere'),
  onCluster: permissionsOf('on Cluster, also'),
  withReplicas: permissionsOf('with `minReplicas`, also'),
}

export const USER = { username: 'tessera', password: 'a password' } as const

/** The arguments of ACL SETUSER for a user with these permissions and no other. */
export function userWith(permissions: readonly string[], pattern = '~tessera:*'): string[] {
  const { username, password } = USER
  return ['SETUSER', username, 'reset', 'on', `>${password}`, pattern, ...permissions]
}
