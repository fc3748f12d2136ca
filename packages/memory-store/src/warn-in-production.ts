let hasWarned = false

/** Once in a process: a second worker or a restart loses every token, and nothing else says so. */
export function warnInProduction(): void {
  if (hasWarned || process.env['NODE_ENV'] !== 'production') return
  hasWarned = true
  const lost =
    'memoryStore: NODE_ENV is production, and tokens in memory end with the process; no other process knows them.'
  const way =
    'Keep them with @tessera/sqlite-store, @tessera/postgres-store or @tessera/redis-store, or say memoryStore({ inProduction: true }).'
  process.emitWarning(`${lost} ${way}`, { code: 'TESSERA_MEMORY_STORE' })
}
