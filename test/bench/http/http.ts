import { startRedis } from '../../redis/index.ts'
import type { Bench, Suite } from '../harness/bench.ts'
import type { Row } from '../harness/group.ts'
import { atLeast, baseIsAhead } from '../harness/target.ts'
import { serve } from './served.ts'
import type { Served } from './served.ts'

const SETTINGS = { roundMs: 120 }
const GUARDED = atLeast(0.88)

/** What authentication adds to a route of Express 5, and what the routes of tokens cost. */
export const http: Suite = async (bench) => {
  await measureJobs(bench)
  await measurePeers(bench)
  await measureTokenRoutes(bench)
  await measureBetterAuth(bench)
}

async function measureJobs(bench: Bench): Promise<void> {
  await using redis = await startRedis()
  await using served = await serve('jobs', redis.port)
  const [open, ...guarded] = served.rows
  const [memory, bounded, ...others] = guarded
  const rows = [{ ...need(memory), target: GUARDED }, { ...need(bounded), target: GUARDED }, ...others].map(withoutNote)
  await bench.measure(
    { name: 'HTTP: a route with authentication', compares: 'rate', cpu: served.cpu, base: noted(open, served), rows },
    SETTINGS,
  )
}

async function measurePeers(bench: Bench): Promise<void> {
  await using served = await serve('peers')
  const [ours, ...others] = served.rows
  const rows = others.map((row) => ({ ...row, target: baseIsAhead }))
  await bench.measure(
    { name: 'HTTP: peers against ours', compares: 'time', cpu: served.cpu, base: need(ours), rows },
    SETTINGS,
  )
}

async function measureTokenRoutes(bench: Bench): Promise<void> {
  await using served = await serve('tokens')
  const [openList, list, openRevoke, revoke] = served.rows
  const { cpu } = served
  await bench.measure(
    { name: 'HTTP: a list of 50 tokens', compares: 'rate', cpu, base: need(openList), rows: [need(list)] },
    SETTINGS,
  )
  await bench.measure(
    { name: 'HTTP: revocation (RFC 7009)', compares: 'rate', cpu, base: need(openRevoke), rows: [need(revoke)] },
    SETTINGS,
  )
}

async function measureBetterAuth(bench: Bench): Promise<void> {
  await using served = await serve('better-auth')
  const [open, ours, theirs] = served.rows
  await bench.measure(
    {
      name: 'HTTP: @better-auth/api-key against ours',
      compares: 'time',
      cpu: served.cpu,
      base: need(ours),
      rows: [need(open), { ...need(theirs), target: baseIsAhead }],
    },
    SETTINGS,
  )
}

function noted(row: Row | undefined, { isPinned }: Served): Row {
  const note = isPinned
    ? 'the server has one core, and what loads it another'
    : 'the server and what loads it share cores, as taskset or a second core is missing'
  return { ...need(row), note }
}

/** What each of them does stands below the table of peers. */
function withoutNote({ note: _note, ...row }: Row): Row {
  return row
}

function need(row: Row | undefined): Row {
  if (row === undefined) throw new Error('the server has fewer routes than it should')
  return row
}
