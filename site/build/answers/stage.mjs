import { Readable } from 'node:stream'
import { createTokens } from '@tessera/core'
import { cursor, gate, offset, operationNames, paged, plain, readStream, standard, tokenEndpoint } from '@tessera/http'
import { memoryStore } from '@tessera/memory-store'

/** @type {Readonly<Record<string, import('@tessera/http').Dialect>>} */
export const dialects = { standard, plain, paged, offset, cursor }

export const OWNER = '2f6a1c08-5d3b-4e7f-9a41-7c0d8e5b1a01'
const HOUR_MS = 3_600_000
const FACTS = { owner: OWNER, scopes: ['jobs:read'], createdBy: 'ada@example.com' }

/**
 * @typedef {object} Asked
 * @property {string} method
 * @property {string} [path] below the mount point
 * @property {string} [query]
 * @property {unknown} [json]
 * @property {string} [body] in place of `json`
 * @property {readonly string[]} [authorization] headers of a token; without any, a person of the owner asks
 * @property {string} [scope] asked of the token
 * @property {Readonly<Record<string, readonly string[]>>} [headers]
 * @property {string} [orgID] the owner in the path
 */

/**
 * An API for tokens in a dialect, with a used token and an unused one, under a clock and with ids that are the same in each
 * run.
 *
 * @param {import('@tessera/http').Dialect} dialect
 */
export async function openStage(dialect) {
  const clock = { now: Date.UTC(2026, 10, 27, 2, 48, 1, 208) }
  let issued = 0
  const ids = {
    generate: () => `b4f0c0de-0000-4000-8000-${String((issued += 1)).padStart(12, '0')}`,
    matches: (/** @type {string} */ id) => id.length === OWNER.length,
  }
  const options = { prefix: 'acme_pat', activeLimit: 2, ids, now: () => clock.now, onError: () => {} }
  const outage = { isOn: false }
  const memory = memoryStore()
  const find = memory.find.bind(memory)
  const lost = () => Promise.reject(new Error('connection lost'))
  const store = { ...memory, find: (/** @type {[string, string]} */ ...of) => (outage.isOn ? lost() : find(...of)) }
  const tokens = createTokens({ ...options, store })
  const expiresAt = new Date(Date.UTC(2027, 0, 1))
  const first = await tokens.issue({ ...FACTS, name: 'CI', expiresAt })
  clock.now += HOUR_MS
  await tokens.verify(first.secret)
  await tokens.flush()
  await tokens.issue({ ...FACTS, name: 'Deploys', expiresAt })
  const findHandler = tokenEndpoint(tokens, { dialect, onError: () => {} }, operationNames)

  /**
   * @param {Asked} asked
   * @returns {Promise<import('@tessera/http').HttpResponse>}
   */
  async function ask(asked) {
    const { method, path = '/', query = '', json, body = json === undefined ? undefined : JSON.stringify(json) } = asked
    const headers = {
      ...(body === undefined ? {} : { 'content-type': ['application/json'] }),
      ...asked.headers,
      ...(asked.authorization === undefined ? {} : { authorization: asked.authorization }),
    }
    let facts = { caller: /** @type {any} */ (() => ({ owner: OWNER, scopes: null })) }
    if (asked.authorization !== undefined) {
      const scopes = asked.scope === undefined ? undefined : [asked.scope]
      const decide = gate(tokens, { dialect, onError: () => {}, ...(scopes && { scopes }) })
      const admission = await decide({ method, query, headers })
      if (!admission.ok) return admission.answer
      facts = admission.facts
    }
    const request = { method, path, mount: '/tokens', query, headers, params: { orgID: asked.orgID ?? OWNER } }
    const handle = findHandler(request)
    if (handle === null) throw new Error(`${method} ${path} is not served`)
    const readBody = async () => (body === undefined ? undefined : readStream(Readable.from([Buffer.from(body)])))
    return handle({ ...request, ...facts, readBody })
  }

  return { dialect, tokens, first, ask, outage }
}

/**
 * The JSON of an answer, without what is drawn at random: secrets and their previews.
 *
 * @param {import('@tessera/http').HttpResponse} answer
 * @returns {unknown}
 */
export function jsonOf({ body }) {
  return JSON.parse(
    body
      .replaceAll(/acme_pat_\w{48}/g, 'acme_pat_…')
      .replaceAll(/acme_pat_\w{4}\*{8}\w{4}/g, 'acme_pat_c3f9********bd21')
      .replaceAll(/acme_pat_\w{4}(?=")/g, 'acme_pat_c3f9'),
  )
}
