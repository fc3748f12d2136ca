import { mkdtemp, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { spreadOf } from './spread.ts'

const TIMES = 101
const PAGE = Buffer.alloc(8192)

/**
 * Says how long the disk of a folder takes to keep a page: each commit waits for that. The slower it is, the less the rest of a
 * change weighs.
 */
export async function diskNote(folder: string): Promise<string> {
  const own = await mkdtemp(join(folder, 'tessera-disk-'))
  try {
    await using file = await open(join(own, 'page'), 'w')
    const times: number[] = []
    for (let time = 0; time < TIMES; time += 1) {
      await file.write(PAGE, 0, PAGE.length, 0)
      const start = performance.now()
      await file.datasync()
      times.push(performance.now() - start)
    }
    return `this disk keeps a page in ${Math.round(spreadOf(times).median * 1000)} µs, and each commit waits for that`
  } finally {
    await rm(own, { recursive: true })
  }
}
