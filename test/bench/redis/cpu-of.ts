import type { Redis } from 'ioredis'

/** How long this process and some servers have kept processors busy, in milliseconds. It depends less on what else runs. */
export async function cpuOf(servers: readonly Redis[]): Promise<number> {
  const { user, system } = process.cpuUsage()
  let seconds = 0
  for (const server of servers) {
    for (const [, used] of (await server.info('cpu')).matchAll(/^used_cpu_(?:user|sys):([\d.]+)/gm))
      seconds += Number(used)
  }
  return (user + system) / 1_000 + seconds * 1_000
}
