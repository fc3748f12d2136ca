import { channel, tracingChannel } from 'node:diagnostics_channel'
import { SpanStatusCode, context, createNoopMeter } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { createTokens } from '@tessera/core'
import type { TokenStore } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { instrumentTessera } from './instrument.ts'

const exporter = new InMemorySpanExporter()
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
const tracer = provider.getTracer('test')
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())

afterAll(() => context.disable())

/** A store whose driver has a span of its own, as the instrumentations of ioredis and pg make them. */
function tracedStore(): TokenStore {
  const { findByDigest, cache: _, ...store } = memoryStore()
  return {
    ...store,
    async findByDigest(...args) {
      const span = tracer.startSpan('getex')
      const found = await findByDigest(...args)
      span.end()
      return found
    },
  }
}

async function open(options = {}, store: TokenStore = tracedStore()) {
  const tokens = createTokens({ store, prefix: 'acme_pat' })
  const { secret, token } = await tokens.issue({ owner: 'acme', name: 'ci', scopes: ['jobs:read'] })
  const stop = instrumentTessera({ meter: createNoopMeter(), tracer, tokens, ...options })
  onTestFinished(stop)
  exporter.reset()
  return { tokens, secret, token, stop }
}

/** Runs work within the span of a request. */
async function request(work: () => Promise<unknown>): Promise<void> {
  await tracer.startActiveSpan('GET /jobs', async (span) => {
    await work()
    span.end()
  })
}

/** Each span with the name of its parent. */
function tree(): readonly (readonly [string, string | undefined])[] {
  const spans = exporter.getFinishedSpans()
  const names = new Map(spans.map((span) => [span.spanContext().spanId, span.name]))
  return spans.map(({ name, parentSpanContext }) => [name, names.get(parentSpanContext?.spanId ?? '')])
}

const attributes = (wanted: string) => exporter.getFinishedSpans().find(({ name }) => name === wanted)?.attributes

describe('the spans of instrumentTessera', () => {
  it('stand below the request, each call of the store below its verb, and what the driver does below that', async () => {
    const { tokens, secret, token } = await open()
    await request(() => tokens.verify(secret))
    expect(tree().filter(([name]) => !name.endsWith('recordUse'))).toEqual([
      ['getex', 'tessera.store findByDigest'],
      ['tessera.store findByDigest', 'tessera.verify'],
      ['tessera.verify', 'GET /jobs'],
      ['GET /jobs', undefined],
    ])
    exporter.reset()
    await request(() => tokens.revoke('acme', token.id))
    expect(tree()).toContainEqual(['tessera.store change', 'tessera.revoke'])
    expect(tree()).toContainEqual(['tessera.revoke', 'GET /jobs'])
  })

  it('say the outcome on the span of the request as well, and keep two verifications of it apart', async () => {
    const { tokens, secret } = await open()
    await request(async () => {
      await tokens.verify(secret)
      await tokens.verify(secret, { scopes: ['jobs:write'] })
    })
    const refusal = { 'tessera.outcome': 'refused', 'tessera.refusal.reason': 'insufficient_scope' }
    expect(attributes('GET /jobs')).toEqual({ 'tessera.api': 'acme_pat', ...refusal })
    const verifications = exporter.getFinishedSpans().filter(({ name }) => name === 'tessera.verify')
    const own = { 'tessera.operation': 'verify', 'tessera.api': 'acme_pat' }
    expect(verifications.map((span) => span.attributes)).toEqual([
      { ...own, 'tessera.outcome': 'accepted' },
      { ...own, ...refusal },
    ])
  })

  it('name owner and token only on demand, and without spans say the outcome on that of the request alone', async () => {
    const { tokens, secret, token, stop } = await open({ spans: false, tokenIds: true })
    await request(() => tokens.verify(secret))
    expect(tree().map(([name]) => name)).toEqual(['getex', 'GET /jobs'])
    expect(attributes('GET /jobs')).toMatchObject({ 'tessera.owner': 'acme', 'tessera.token.id': token.id })
    stop()
    const named = await open()
    await request(() => named.tokens.verify(named.secret))
    expect(JSON.stringify(exporter.getFinishedSpans().map((span) => span.attributes))).not.toContain(named.token.id)
  })

  it('mark a failed store, and no refusal, as an error', async () => {
    const store = { ...tracedStore(), findByDigest: () => Promise.reject(new Error('ECONNREFUSED')) }
    const { tokens, secret } = await open({}, store)
    await request(() => tokens.verify(secret).catch(() => {}))
    await request(() => tokens.revoke('acme', 'none').catch(() => {}))
    const statuses = exporter.getFinishedSpans().map(({ name, status }) => [name, status.code === SpanStatusCode.ERROR])
    expect(statuses).toContainEqual(['tessera.verify', true])
    expect(statuses).toContainEqual(['tessera.store findByDigest', true])
    expect(statuses).toContainEqual(['tessera.revoke', false])
    expect(attributes('tessera.verify')).toMatchObject({ 'error.type': 'store_unavailable' })
  })

  it('leave nothing behind once they are stopped, not even an open span', async () => {
    let answer = () => {}
    const store = {
      ...tracedStore(),
      list: () => new Promise<never>((_, reject) => (answer = () => reject(new Error()))),
    }
    const { tokens, secret, stop } = await open({}, store)
    const listing = tokens.list('acme').catch(() => {})
    await new Promise((resolve) => setImmediate(resolve))
    stop()
    expect(tree().map(([name]) => name)).toEqual(['tessera.list', 'tessera.store list'])
    answer()
    await listing
    exporter.reset()
    await request(() => tokens.verify(secret))
    expect(tree().map(([name]) => name)).toEqual(['getex', 'GET /jobs'])
    for (const name of ['store', 'verify', ...Object.keys(tokens)]) {
      const { start, asyncEnd } = tracingChannel(`tessera:${name}`)
      expect([name, start.hasSubscribers, asyncEnd.hasSubscribers]).toEqual([name, false, false])
    }
    expect(channel('tessera:event').hasSubscribers).toBe(false)
  })
})

describe('instrumentTessera', () => {
  it('leaves every call and the process alone if the meter or the tracer fails, and reports it', async () => {
    const errors: string[] = []
    const onError = ({ message }: Error) => {
      errors.push(message)
      throw new Error('onError failed')
    }
    const fail = (name: string) => () => {
      throw new Error(name)
    }
    const failing = Object.assign(Object.create(createNoopMeter()), {
      createCounter: () => ({ add: fail('add') }),
      createHistogram: () => ({ record: fail('record') }),
    })
    const span = { setAttributes: fail('setAttributes'), setStatus: fail('setStatus'), end: fail('end') }
    const uncaught = vi.fn<() => void>()
    process.on('uncaughtException', uncaught)
    onTestFinished(() => void process.off('uncaughtException', uncaught))
    for (const startSpan of [fail('startSpan'), () => span]) {
      const { tokens, secret, token, stop } = await open(
        { meter: failing, tracer: { startSpan }, onError },
        memoryStore(),
      )
      expect(await tokens.verify(secret)).toMatchObject({ ok: true })
      expect(await tokens.revoke('acme', token.id)).toMatchObject({ token: { status: 'revoked' } })
      await tokens.close()
      stop()
    }
    await new Promise(setImmediate)
    expect(new Set(errors)).toEqual(new Set(['startSpan', 'add', 'record', 'setAttributes']))
    expect(uncaught).not.toHaveBeenCalled()
  })

  it('traces beside another copy of the package, and stops without it', async () => {
    const { tokens, secret, stop } = await open()
    vi.resetModules()
    const copy = await import('./instrument.ts')
    expect(copy.instrumentTessera).not.toBe(instrumentTessera)
    const stopCopy = copy.instrumentTessera({ meter: createNoopMeter(), tracer, tokens })
    onTestFinished(stopCopy)
    const verifications = async () => {
      exporter.reset()
      await request(() => tokens.verify(secret))
      return tree().filter(([name]) => name === 'tessera.verify')
    }
    expect(await verifications()).toEqual([
      ['tessera.verify', 'GET /jobs'],
      ['tessera.verify', 'tessera.verify'],
    ])
    stop()
    expect(await verifications()).toEqual([['tessera.verify', 'GET /jobs']])
  })

  const tokens = createTokens({ store: memoryStore(), prefix: 'acme_pat' })
  const meter = createNoopMeter()

  it.each([
    ['meter', { tokens }],
    ['tokens', { meter, tokens: {} }],
    ['tokens', { meter, tokens: { ...tokens, rules: {} } }],
    ['tracer', { meter, tokens, spans: true }],
    ['tokenID', { meter, tokens, tokenID: true }],
  ])('refuses a wrong "%s" at once', (name, options) => {
    expect(() => instrumentTessera(options as never)).toThrow(new RegExp(`^instrumentTessera: .*"${name}"`))
  })
})
