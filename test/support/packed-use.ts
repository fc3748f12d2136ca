const clauses = {
  '@tessera/core': '{ createTokens }',
  '@tessera/memory-store': '{ memoryStore }',
  '@tessera/cached-store': '{ cachedStore }',
  '@tessera/redis-store': '{ redisStore }',
  '@tessera/sqlite-store': '{ sqliteStore }',
  '@tessera/postgres-store': '{ migrationSql, postgresStore }',
  '@tessera/http': '{ readBearer }',
  '@tessera/express': '{ authenticate, getAuth, requireScopes }',
  '@tessera/fetch': '{ protect }',
  '@tessera/openapi': '{ openApiHandler }',
  '@tessera/client': '{ createClient }',
  '@tessera/access-jwt': '{ acceptBoth, createAccessTokens, generateAccessKey }',
}

const scenario = `
async function main() {
  const tokens = createTokens({ store: cachedStore(memoryStore()), prefix: 'ot_pat' })
  const { secret } = await tokens.issue({ owner: 'acme', name: 'CI', scopes: ['jobs:read'] })
  const verification = await tokens.verify(secret)
  const keys = [{ key: await generateAccessKey() }]
  const accessTokens = createAccessTokens({ tokens, issuer: 'https://acme.test', audience: 'https://acme.test', keys })
  const { jwt } = await accessTokens.exchange(secret)
  const app = express()
  app.get('/jobs', authenticate(acceptBoth(tokens, accessTokens)), requireScopes('jobs:read'), (req, res) => {
    res.json({ owner: getAuth(req).owner })
  })
  const server = app.listen(0, '127.0.0.1', async () => {
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : null
    const response = await fetch(\`http://127.0.0.1:\${port}/jobs\`, { headers: { authorization: \`Bearer \${jwt}\` } })
    console.log(JSON.stringify({
      verified: verification.ok && verification.token.owner,
      served: await response.json(),
      migrates: migrationSql().includes('create schema'),
      others: [openApiHandler, createClient, protect, readBearer, postgresStore, redisStore, sqliteStore].map((each) => typeof each),
    }))
    server.close()
    await tokens.close()
  })
}
main()
`

/** A program that uses every package once. It also compiles under `strict`. */
export const useByImport: string = [
  ...Object.entries({ ...clauses, express: 'express' }).map(([name, clause]) => `import ${clause} from '${name}'`),
  scenario,
].join('\n')

/** The same in CommonJS. */
export const useByRequire: string = [
  ...Object.entries({ ...clauses, express: 'express' }).map(([name, clause]) => `const ${clause} = require('${name}')`),
  scenario,
].join('\n')

/** What the program writes to stdout, as JSON. */
export const outcomeOfUse: object = {
  verified: 'acme',
  served: { owner: 'acme' },
  migrates: true,
  others: Array.from({ length: 7 }, () => 'function'),
}
