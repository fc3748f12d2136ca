import { chown, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '../support/servers/index.ts'
import { serverUser } from './programs.ts'

/** An empty temporary folder that belongs to the user who runs the servers. */
export async function ownFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(temporaryFolder(), `tessera-${name}-`))
  if (serverUser !== undefined) await chown(folder, serverUser.uid, serverUser.gid)
  return folder
}
