import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { auth } from 'express-oauth2-jwt-bearer'
import { SignJWT } from 'jose'
import type { Row } from '../../harness/group.ts'
import { middlewareRow } from './middleware-row.ts'

const CLAIMS = { issuer: 'https://issuer.example/', audience: 'https://api.example/' }
const NOTE = 'header, signature and claims; nothing is looked up, so a revoked token is accepted until it expires'

export async function jwtRows(count: number): Promise<Row[]> {
  const secret = randomBytes(32).toString('hex')
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const symmetric = auth({ ...CLAIMS, secret, tokenSigningAlg: 'HS256' })
  const asymmetric = auth({ ...CLAIMS, publicKey: pem, tokenSigningAlg: 'EdDSA' })
  const [hs256, edDsa] = [await sign('HS256', Buffer.from(secret), count), await sign('EdDSA', privateKey, count)]
  return [
    middlewareRow('express-oauth2-jwt-bearer, HS256', NOTE, symmetric, hs256, (request) => request.auth?.payload.sub),
    middlewareRow('express-oauth2-jwt-bearer, EdDSA', NOTE, asymmetric, edDsa, (request) => request.auth?.payload.sub),
  ]
}

async function sign(alg: string, key: KeyObject | Uint8Array, count: number): Promise<string[]> {
  const jwts: string[] = []
  for (let number = 0; number < count; number += 1) {
    const jwt = new SignJWT({ scope: 'jobs:read runs:read runs:write' })
      .setProtectedHeader({ alg, typ: 'at+jwt' })
      .setIssuer(CLAIMS.issuer)
      .setAudience(CLAIMS.audience)
      .setSubject(`owner-${Math.floor(number / 10)}`)
      .setIssuedAt()
      .setExpirationTime('1h')
    jwts.push(await jwt.sign(key))
  }
  return jwts
}
