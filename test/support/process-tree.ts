import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** The process at the end of the chain of children that starts with this one: what npm's shell runs, or itself. */
export function lastDescendant(pid: number): number {
  const children = new Map(processes().map(([child, parent]) => [parent, child]))
  let last = pid
  for (let next = children.get(last); next !== undefined; next = children.get(last)) last = next
  return last
}

/** Every process with its parent. */
function processes(): [pid: number, parent: number][] {
  return existsSync('/proc/self/stat') ? fromProc() : fromPs()
}

function fromProc(): [number, number][] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)])
}

function parentOf(pid: string): number {
  try {
    // The second field is the command, in parentheses, and may hold anything.
    const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return Number(parent)
  } catch {
    return 0 // It has ended meanwhile.
  }
}

function fromPs(): [number, number][] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  return table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number])
}
