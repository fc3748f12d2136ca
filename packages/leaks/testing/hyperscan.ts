import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** Whether Debian's Hyperscan and a Python to call it with are installed: GitHub's scanner runs on Hyperscan. */
export const hasHyperscan: boolean =
  spawnSync('python3', ['-c', 'import ctypes; ctypes.CDLL("libhs.so.5")'], { stdio: 'ignore' }).status === 0

/** In which of the texts Hyperscan finds the expression. */
export function findByHyperscan(expression: string, texts: readonly string[]): readonly boolean[] {
  const { status, stdout, stderr } = spawnSync('python3', [join(import.meta.dirname, 'hyperscan.py')], {
    input: JSON.stringify({ expression, texts }),
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as readonly boolean[]
}
