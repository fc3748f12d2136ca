import { spreadOf } from '../harness/spread.ts'
import type { Table } from '../harness/text.ts'
import { startWorker } from '../harness/worker.ts'
import { bytesInRedis } from './bytes-in-redis.ts'
import type { Answer, Question } from './start-up.ts'

const SOME = 10_000
const MANY = 1_000_000
const STARTS = 7
const MIB = 2 ** 20

/** What tokens take where they are kept, and how long a process takes to start. */
export async function weightTables(): Promise<Table[]> {
  const redis = await bytesInRedis(SOME)
  const some: Answer[] = []
  while (some.length < STARTS) some.push(await startAndFill(SOME))
  const many = await startAndFill(MANY)
  const median = (figure: (answer: Answer) => number) => spreadOf(some.map(figure)).median
  return [
    {
      name: 'Scale: bytes per token, ten tokens an owner, three scopes',
      columns: ['where', 'tokens', 'bytes', 'target'],
      rows: [
        ['Redis, MEMORY USAGE of all keys', SOME.toLocaleString('en'), redis.keys.toFixed(0), '≤ 400'],
        ['Redis, growth of its memory', SOME.toLocaleString('en'), redis.growth.toFixed(0), ''],
        ['memory-store, heap', SOME.toLocaleString('en'), median(({ heapPerToken }) => heapPerToken).toFixed(0), ''],
        ['memory-store, heap', MANY.toLocaleString('en'), many.heapPerToken.toFixed(0), ''],
        ['memory-store, resident', MANY.toLocaleString('en'), many.residentPerToken.toFixed(0), ''],
      ],
    },
    {
      name: 'Scale: a process with memory-store',
      columns: ['figure', 'value'],
      rows: [
        [`import and createTokens, median of ${STARTS}, ms`, median((answer) => answer.startUpMs).toFixed(1)],
        [
          `resident with ${SOME.toLocaleString('en')} tokens, MiB`,
          (median(({ resident }) => resident) / MIB).toFixed(0),
        ],
        [`resident with ${MANY.toLocaleString('en')} tokens, MiB`, (many.resident / MIB).toFixed(0)],
      ],
    },
  ]
}

async function startAndFill(count: number): Promise<Answer> {
  await using worker = startWorker<Question, Answer>(new URL('start-up.js', import.meta.url))
  return await worker.ask({ count })
}
