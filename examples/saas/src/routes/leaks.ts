import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Tokens } from '@tessera/core'
import express from 'express'
import type { Router } from 'express'

const SIGNATURE = /^t=(\d{10}),v1=([0-9a-f]{64})$/
const TOLERANCE_MS = 5 * 60_000
const MOST = 100

/**
 * Ends leaked tokens, with their line and what they issued. A scanner or a partner calls it:
 *
 * - body: `[{ "token": "acme_pat_…" }, …]`, at most 100;
 * - header `X-Signature: t=SECONDS,v1=HEX`, the HMAC-SHA-256 of `SECONDS.BODY` under the shared secret. It holds for five
 *   minutes. A report that comes twice ends nothing more.
 */
export function leakRoutes(tokens: Tokens, secret: string): Router {
  const router = express.Router()
  router.post('/leaked-tokens', express.raw({ type: () => true, limit: '100kb' }), async (req, res) => {
    const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0)
    if (!isSigned(body, req.get('X-Signature') ?? '', secret)) return res.status(401).json({ error: 'bad signature' })
    const reported = readReport(body)
    if (reported === null) return res.status(400).json({ error: `the body must be a list of 1 to ${MOST} tokens` })
    let ended = 0
    for (const token of reported) {
      const answer = await tokens.revokeSecret(token, { reason: 'leaked', issued: true, by: 'leak report' })
      if (answer !== null) ended += 1
    }
    res.json({ ended, unknown: reported.length - ended })
  })
  return router
}

function isSigned(body: Buffer, header: string, secret: string): boolean {
  const [, seconds = '', signature = ''] = SIGNATURE.exec(header) ?? []
  if (Math.abs(Date.now() - Number(seconds) * 1000) > TOLERANCE_MS || signature === '') return false
  const right = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest()
  return timingSafeEqual(right, Buffer.from(signature, 'hex'))
}

function readReport(body: Buffer): readonly string[] | null {
  try {
    const found: unknown = JSON.parse(body.toString())
    if (!Array.isArray(found) || found.length === 0 || found.length > MOST) return null
    const tokens = found.map((each: unknown): unknown => Reflect.get(Object(each), 'token'))
    return tokens.every((token) => typeof token === 'string') ? tokens : null
  } catch {
    return null
  }
}
