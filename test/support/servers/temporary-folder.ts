import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'

const MEMORY = '/dev/shm'
const ROOM_BYTES = 512 * 2 ** 20

/** In memory no stall of a shared disk makes an answer late, and what a killed process wrote is kept as well. */
export async function temporaryFolder(): Promise<string> {
  const hasRoom = await statfs(MEMORY).then(
    ({ bavail, bsize }) => bavail * bsize >= ROOM_BYTES,
    () => false,
  )
  return hasRoom ? MEMORY : tmpdir()
}
