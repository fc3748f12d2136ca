import { runProcess } from '../run-process.ts'
import type { RunningProcess } from '../run-process.ts'
import { bundledServer } from './bundled-server.ts'
import type { ApiName } from './wire.ts'

export interface Seed {
  readonly id: string
  readonly secret: string
  readonly owner?: string
  readonly list?: string
}

export const seedNames = [
  ...(['valid', 'spare', 'caller', 'noScope'] as const),
  ...(['revoked', 'expired', 'suspended', 'otherOwner'] as const),
]
export type SeedName = (typeof seedNames)[number]

/** The line of JSON that the server prints. */
export interface Announcement {
  readonly url: string
  readonly apis: Readonly<Record<ApiName | 'standard', AnnouncedApi>>
}

export interface AnnouncedApi {
  readonly list: string
  readonly item: string
  readonly protected: string
  readonly revoke?: string
  readonly usage?: string
  readonly openapi?: string
  readonly page?: string
  readonly login?: string
  readonly stream?: string
  readonly owner: string
  readonly tokens: Readonly<Record<SeedName, Seed>>
}

export interface FourApisServer {
  readonly process: RunningProcess
  readonly announcement: Announcement
}

/** Runs `examples/four-apis` with these flags, and nothing else. */
export function runFourApis(...flags: readonly string[]): RunningProcess {
  return runProgram(bundledServer(), flags)
}

function runProgram(program: string, flags: readonly string[]): RunningProcess {
  return runProcess(process.execPath, [program, ...flags])
}

/** Starts `examples/four-apis` on a free port. Rejects with its stderr when it does not come up. */
export function startFourApis(...flags: readonly string[]): Promise<FourApisServer> {
  return startProgram(bundledServer(), flags)
}

/** The same with a program of the test's own, such as one with a mistake. */
export async function startProgram(program: string, flags: readonly string[]): Promise<FourApisServer> {
  const process = runProgram(program, ['--port', '0', '--json', ...flags])
  return { process, announcement: JSON.parse(await process.firstLine()) as Announcement }
}

/** Every secret that the server announced. */
export function announcedSecrets({ apis }: Announcement): readonly string[] {
  return Object.values(apis).flatMap(({ tokens }) => Object.values(tokens).map(({ secret }) => secret))
}
