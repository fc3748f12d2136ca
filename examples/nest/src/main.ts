import 'reflect-metadata'
import { NestFactory } from '@nestjs/core'
import type { Tokens } from '@tessera/core'
import { AppModule } from './app.module.js'
import { TOKENS } from './tessera.js'

// For the platform Fastify, give `new FastifyAdapter()` of @nestjs/platform-fastify behind the module.
const app = await NestFactory.create(AppModule, { logger: ['error'] })
const tokens: Tokens = app.get(TOKENS)
const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: ['jobs:read'] })
await app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1')
console.log(`Authorization: Bearer ${secret}`)
