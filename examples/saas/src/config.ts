import { randomBytes } from 'node:crypto'

export interface Config {
  readonly host: string
  readonly port: number
  /** `sqlite:FILE` or `postgres://…` */
  readonly databaseUrl: string
  readonly sessionSecret: string
  /** The origin that people see, without a slash at its end; `null` for the one that they ask. */
  readonly origin: string | null
  /** Whether people reach the app by https: TLS ends in front of it. */
  readonly isHttps: boolean
  /** How many proxies are in front, for the addresses of clients. */
  readonly proxies: number
  /** Shared with whoever reports leaked tokens; `null` if nobody does. */
  readonly leakSecret: string | null
  /** Of a new organization: for each token, and for each person. */
  readonly requestsPerMinute: number
  /** How long after SIGTERM requests are still taken, so that a load balancer learns of the end. */
  readonly noticeMs: number
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** @throws ConfigError with the name of the variable, and what would be right */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const isProduction = env['NODE_ENV'] === 'production'
  const publicUrl = env['PUBLIC_URL'] || undefined
  const databaseUrl = env['DATABASE_URL'] || 'sqlite:saas.db'
  const sessionSecret = env['SESSION_SECRET'] || null
  if (publicUrl !== undefined && !isOrigin(publicUrl.replace(/\/$/, '')))
    throw new ConfigError('PUBLIC_URL must be an origin, such as https://app.example.com')
  // The URL itself may hold a password.
  if (!/^sqlite:.|^postgres(ql)?:\/\/\S+$/.test(databaseUrl))
    throw new ConfigError('DATABASE_URL must be sqlite:FILE or postgres://user:password@host:port/database')
  if (isProduction && publicUrl === undefined) throw new ConfigError('PUBLIC_URL must be set in production')
  if (isProduction && sessionSecret === null) throw new ConfigError('SESSION_SECRET must be set in production')
  for (const name of ['SESSION_SECRET', 'LEAK_WEBHOOK_SECRET'])
    if (env[name] && env[name].length < 32) throw new ConfigError(`${name} must have at least 32 characters`)
  return {
    host: env['HOST'] || '127.0.0.1',
    port: integer(env, 'PORT', { from: 0, to: 65_535, otherwise: 3000 }),
    databaseUrl,
    // Drawn at each start, it signs everybody out then.
    sessionSecret: sessionSecret ?? randomBytes(32).toString('base64url'),
    origin: publicUrl?.replace(/\/$/, '') ?? null,
    isHttps: publicUrl?.startsWith('https:') ?? false,
    proxies: integer(env, 'PROXIES', { from: 0, to: 10, otherwise: 0 }),
    leakSecret: env['LEAK_WEBHOOK_SECRET'] || null,
    requestsPerMinute: integer(env, 'REQUESTS_PER_MINUTE', { from: 1, to: 1_000_000, otherwise: 60 }),
    noticeMs: 1000 * integer(env, 'NOTICE_SECONDS', { from: 0, to: 600, otherwise: 5 }),
  }
}

/** Where the process listens. An IPv6 address stands in brackets. */
export function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text
}

function integer(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  { from, to, otherwise }: { readonly from: number; readonly to: number; readonly otherwise: number },
): number {
  const text = env[name] || String(otherwise)
  const value = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= from && value <= to)) throw new ConfigError(`${name} must be an integer from ${from} to ${to}`)
  return value
}
