import type { CpuTimes } from '../harness/cpu.ts'
import type { Row } from '../harness/group.ts'
import { pin, startWorker } from '../harness/worker.ts'
import { inTurn } from '../in-process/issued-tokens.ts'
import { openLoad } from './load.ts'
import type { Load } from './load.ts'
import type { Answer, Question, ServedRoute } from './server.ts'

const CONNECTIONS = 32
const LOAD_CORE = 0
const SERVER_CORE = 1

/** A server process with its routes, as rows that send requests to them. */
export interface Served extends AsyncDisposable {
  readonly rows: readonly Row[]
  /** Whether the server and what loads it have cores of their own. */
  readonly isPinned: boolean
  /** Processor time of the server process so far. */
  cpu(): Promise<CpuTimes>
}

export async function serve(of: Extract<Question, { ask: 'routes' }>['of'], redisPort = 0): Promise<Served> {
  const worker = startWorker<Question, Answer>(new URL('server.js', import.meta.url))
  const isPinned = pin(worker.pid, SERVER_CORE) && pin(process.pid, LOAD_CORE)
  const loads: Load[] = []
  const routes = (await worker.ask({ ask: 'routes', of, redisPort })) as readonly ServedRoute[]
  const rows: Row[] = []
  for (const { name, note, port, requests } of routes) {
    const load = await openLoad(port, CONNECTIONS)
    loads.push(load)
    const row = requests.length > 0 ? turnsRow(load, requests) : freshRow(load, revocations)
    rows.push({ name, ...(note !== null && { note }), ...row })
  }

  async function revocations(count: number): Promise<readonly string[]> {
    return (await worker.ask({ ask: 'revocations', count })) as readonly string[]
  }

  return {
    rows,
    isPinned,
    cpu: async () => ({ server: (await worker.ask({ ask: 'cpu' })) as number }),
    async [Symbol.asyncDispose]() {
      for (const load of loads) load.close()
      await worker[Symbol.asyncDispose]()
    },
  }
}

function turnsRow(load: Load, requests: readonly string[]): Pick<Row, 'run'> {
  const next = inTurn(requests.map((request) => Buffer.from(request)))
  return { run: (times) => load.send(times, next) }
}

/** Requests that may be sent once. */
function freshRow(load: Load, make: (count: number) => Promise<readonly string[]>): Pick<Row, 'run' | 'prepare'> {
  const waiting: Buffer[] = []
  return {
    async prepare(times) {
      waiting.push(...(await make(times)).map((request) => Buffer.from(request)))
    },
    run: (times) =>
      load.send(times, () => {
        const request = waiting.pop()
        if (request === undefined) throw new Error('there is no request left')
        return request
      }),
  }
}
