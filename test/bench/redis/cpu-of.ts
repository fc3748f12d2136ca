import type { Redis } from 'ioredis'
import type { CpuTimes } from '../harness/cpu.ts'

/**
 * How long this process, the `client`, and some servers have kept processors busy. It depends less on what else runs than
 * a rate does.
 */
export async function cpuOf(servers: readonly Redis[]): Promise<CpuTimes> {
  const { user, system } = process.cpuUsage()
  let seconds = 0
  for (const server of servers) {
    for (const [, used] of (await server.info('cpu')).matchAll(/^used_cpu_(?:user|sys):([\d.]+)/gm))
      seconds += Number(used)
  }
  return { client: (user + system) / 1_000, ...(servers.length > 0 && { server: seconds * 1_000 }) }
}
