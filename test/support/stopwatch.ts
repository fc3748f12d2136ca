import { readFileSync } from 'node:fs'

/**
 * How long somebody on this machine has waited for a processor by now, in milliseconds; 0 if the kernel does not tell.
 *
 * @see https://docs.kernel.org/accounting/psi.html
 */
function stalledMs(): number {
  try {
    const [, total = '0'] = /^some .*total=(\d+)$/m.exec(readFileSync('/proc/pressure/cpu', 'utf8')) ?? []
    return Number(total) / 1_000
  } catch {
    return 0
  }
}

/**
 * Starts to time what is promised for a machine that has nothing else to do.
 *
 * @returns The milliseconds since, without those in which somebody waited for a processor. So it stands still on a machine that
 *   is never idle, and tells nothing there.
 */
export function startStopwatch(): () => number {
  const [startedAt, stalledBefore] = [performance.now(), stalledMs()]
  return () => Math.max(0, performance.now() - startedAt - (stalledMs() - stalledBefore))
}
