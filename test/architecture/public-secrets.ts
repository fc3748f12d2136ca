/** Settings that are no secret: an example may have a default for them. */
const OPEN: ReadonlySet<string> = new Set(['AUDIT_LOG', 'CLIENT_ID', 'DATABASE_URL', 'HOST', 'PORT', 'REDIS_URL'])

const BY_INDEX = /process\.env\[['"](\w+)['"]\]/g
const FALLBACK = /process\.env\.(\w+)\s*(?:\?\?|\|\|)=?\s*['"`]/g
const UNPACKED = /\{([^{}]*)\}\s*=\s*process\.env\b/g
const DEFAULT = /(\w+)\s*(?::\s*\w+\s*)?=\s*['"`]/g
const PEPPER = /\b(pepper)\s*:\s*(?:\{[^}]*?[:[]\s*)?['"`]/g
const CLIENT = /\b(clientSecrets)\(\{[^}]*?[:[]\s*['"`]/g

/**
 * The secrets in a program known to everybody who reads it: a text in the place of a missing setting, and a pepper or a
 * client's secret written out.
 */
export function publicSecrets(program: string): readonly string[] {
  const code = program.replaceAll(BY_INDEX, 'process.env.$1')
  const unpacked = [...code.matchAll(UNPACKED)].map(([, names = '']) => names)
  const found = [
    ...code.matchAll(FALLBACK),
    ...unpacked.flatMap((names) => [...names.matchAll(DEFAULT)]),
    ...code.matchAll(PEPPER),
    ...code.matchAll(CLIENT),
  ]
  return found.map(([, name = '']) => name).filter((name) => !OPEN.has(name))
}
