import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { createTokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { describe, expect, it, onTestFinished } from 'vitest'
import { instrumentTessera } from './instrument.ts'

const OWNER = 'owner-acme'

/** A meter of the SDK, and all it has measured: by metric, the value or the count of each series. */
function openMeter() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  const provider = new MeterProvider({ readers: [reader] })
  onTestFinished(() => provider.shutdown())
  async function series(name: string): Promise<readonly (readonly [object, unknown])[]> {
    const all = await measured()
    return all.find(({ descriptor }) => descriptor.name === name)?.dataPoints.map(seriesOf) ?? []
  }
  async function measured() {
    exporter.reset()
    await reader.forceFlush()
    return exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
  }
  return { meter: provider.getMeter('test'), series, measured }
}

function seriesOf({ attributes, value }: { readonly attributes: object; readonly value: unknown }) {
  return [attributes, typeof value === 'object' && value !== null ? Reflect.get(value, 'count') : value] as const
}

const OPERATION = { 'tessera.operation': 'verify' }
const ACCEPTED = { ...OPERATION, 'tessera.outcome': 'accepted' }
const refused = (reason: string) => ({ ...OPERATION, 'tessera.outcome': 'refused', 'tessera.refusal.reason': reason })

async function open(prefix: string, options = {}) {
  const store = memoryStore()
  const tokens = createTokens({ store, prefix, ...options })
  const { secret, token } = await tokens.issue({ owner: OWNER, name: 'ci', scopes: ['jobs:read'] })
  return { store, tokens, secret, token, api: { 'tessera.api': prefix } }
}

describe('the metrics of instrumentTessera', () => {
  it('count 100 good, 50 bad and 10 without a scope as exactly these, and each API apart', async () => {
    const { meter, series } = openMeter()
    const [one, other] = [await open('acme_pat'), await open('tok_live')]
    for (const { tokens } of [one, other]) onTestFinished(instrumentTessera({ meter, tokens }))
    for (let call = 0; call < 100; call += 1) await one.tokens.verify(one.secret, { scopes: ['jobs:read'] })
    for (let call = 0; call < 25; call += 1) await one.tokens.verify('acme_pat_mistyped')
    for (let call = 0; call < 25; call += 1) await one.tokens.verify(other.secret)
    for (let call = 0; call < 10; call += 1) await one.tokens.verify(one.secret, { scopes: ['jobs:write'] })
    for (let call = 0; call < 3; call += 1) await other.tokens.verify(other.secret)
    expect(await series('tessera.verification.count')).toEqual([
      [{ ...one.api, ...ACCEPTED }, 100],
      [{ ...one.api, ...refused('malformed') }, 50],
      [{ ...one.api, ...refused('insufficient_scope') }, 10],
      [{ ...other.api, ...ACCEPTED }, 3],
    ])
  })

  it('measure every call of the store, and name what failed', async () => {
    const { meter, series, measured } = openMeter()
    const { cache: _, ...store } = memoryStore()
    const failing = { ...store, list: () => Promise.reject(new Error('ECONNREFUSED')) }
    const { tokens, secret, api } = await open('acme_pat', { store: failing })
    onTestFinished(instrumentTessera({ meter, tokens }))
    for (let call = 0; call < 5; call += 1) await tokens.verify(secret)
    await expect(tokens.list(OWNER)).rejects.toThrow('ECONNREFUSED')
    const operation = (name: string) => ({ ...api, 'tessera.store.operation': name })
    const durations = await series('tessera.store.operation.duration')
    expect(durations).toContainEqual([operation('findByDigest'), 5])
    expect(durations).toContainEqual([{ ...operation('list'), 'error.type': 'store_unavailable' }, 1])
    const units = (await measured()).map(({ descriptor: { name, unit } }) => [name, unit])
    expect(units).toContainEqual(['tessera.store.operation.duration', 's'])
  })

  it('count the events, and with each those that it stands for; and read what stats counts', async () => {
    const { meter, series } = openMeter()
    const clock = { now: Date.now() }
    const { tokens, secret, token, api } = await open('acme_pat', { now: () => clock.now })
    onTestFinished(instrumentTessera({ meter, tokens }))
    await tokens.suspend(OWNER, token.id)
    for (let call = 0; call < 4; call += 1) await tokens.verify(secret)
    clock.now += 1_000
    await tokens.verify(secret)
    await tokens.close()
    const event = (type: string) => ({ ...api, 'tessera.event': type })
    expect(await series('tessera.event.count')).toEqual([
      [event('suspended'), 1],
      [event('refused'), 5],
    ])
    expect(await series('tessera.use.dropped.count')).toEqual([[api, 0]])
    expect(await series('tessera.cache.lookup.count')).toEqual([])
  })

  it('hold no owner, no id and no preview', async () => {
    const { meter, measured } = openMeter()
    const { tokens, secret, token } = await open('acme_pat')
    onTestFinished(instrumentTessera({ meter, tokens, tokenIds: true }))
    await tokens.verify(secret)
    await tokens.revoke(OWNER, token.id)
    await tokens.verify(secret)
    await tokens.close()
    const all = JSON.stringify(await measured())
    expect(all).toContain('tessera.event.count')
    for (const each of [OWNER, token.id, token.preview, secret]) expect(all).not.toContain(each)
  })
})
