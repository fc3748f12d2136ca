import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Statements } from './database.ts'

/** The file systems on a network, by the numbers that Linux gives them. Their locks do not hold between machines. */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x69_69, 'NFS'],
  [0x51_7b, 'SMB'],
  [0xff_53_4d_42, 'CIFS'],
  [0xfe_53_4d_42, 'SMB2'],
  [0x73_75_72_45, 'Coda'],
  [0x01_02_19_97, '9P'],
  [0x53_46_41_4f, 'AFS'],
  [0x00_c3_64_00, 'Ceph'],
])

/**
 * Looks at where the database is.
 *
 * @throws Error if it is in memory, or on a network
 */
export async function checkDurable(sql: Statements): Promise<void> {
  const databases = sql.all<{ name: string; file: string | null }>('pragma database_list')
  const file = databases.find(({ name }) => name === 'main')?.file ?? ''
  if (file === '') {
    throw new Error('the database is in memory: its tokens end with the process. Open a file, or use memoryStore()')
  }
  const { journal_mode: mode } = sql.get<{ journal_mode: string }>('pragma journal_mode') ?? { journal_mode: 'unknown' }
  if (mode !== 'wal') throw new Error(`the journal's mode is ${mode}, and not WAL: the file system cannot share memory`)
  const { type } = await statfs(dirname(file))
  const network = NETWORK_FILE_SYSTEMS.get(type)
  if (network !== undefined) {
    throw new Error(
      `the database is on ${network}, a file system on a network, where locks do not hold: use a local disk`,
    )
  }
}
