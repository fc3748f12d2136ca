import { chown, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '../support/servers/index.ts'
import { serverUser } from './programs.ts'

/**
 * An empty temporary folder that belongs to the user who runs the servers.
 *
 * @param parent Where it is made. Default: in memory, if there is room.
 */
export async function ownFolder(name: string, parent?: string): Promise<string> {
  const folder = await mkdtemp(join(parent ?? temporaryFolder(), `tessera-${name}-`))
  if (serverUser !== undefined) await chown(folder, serverUser.uid, serverUser.gid)
  return folder
}
