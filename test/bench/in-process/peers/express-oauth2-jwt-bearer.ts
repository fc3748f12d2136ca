import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Request } from 'express'
import { auth } from 'express-oauth2-jwt-bearer'
import { SignJWT } from 'jose'
import type { Middleware } from './middleware-row.ts'

const CLAIMS = { issuer: 'https://issuer.example/', audience: 'https://api.example/' }
const NOTE = 'header, signature and claims; nothing is looked up, so a revoked token is accepted until it expires'

export async function jwtMiddlewares(count: number): Promise<Middleware[]> {
  const secret = randomBytes(32).toString('hex')
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const common = { note: NOTE, ownerOf: (request: Request) => request.auth?.payload.sub }
  return [
    {
      ...common,
      name: 'express-oauth2-jwt-bearer, HS256',
      handler: auth({ ...CLAIMS, secret, tokenSigningAlg: 'HS256' }),
      tokens: await sign('HS256', Buffer.from(secret), count),
    },
    {
      ...common,
      name: 'express-oauth2-jwt-bearer, EdDSA',
      handler: auth({ ...CLAIMS, publicKey: pem, tokenSigningAlg: 'EdDSA' }),
      tokens: await sign('EdDSA', privateKey, count),
    },
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
