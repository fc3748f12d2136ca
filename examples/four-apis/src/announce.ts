import { apiNames, apis, pathFor, revocationPath } from './apis.ts'
import type { ApiName } from './apis.ts'
import type { Seeds } from './seed.ts'

/** What a client needs to know to use the running server. */
export interface Announcement {
  readonly url: string
  readonly apis: Readonly<Record<string, AnnouncedApi>>
}

interface AnnouncedApi {
  readonly list: string
  readonly item: string
  readonly protected: string
  readonly revoke?: string
  readonly owner: string
  readonly tokens: Seeds
}

export function announce(url: string, seeds: Readonly<Partial<Record<ApiName, Seeds>>>): Announcement {
  const entries = apiNames.map((name): [string, AnnouncedApi] => {
    const { path, protectedPath, owner } = apis[name]
    const list = pathFor(path, owner)
    const paths = { list, item: `${list}/{id}`, protected: pathFor(protectedPath, owner) }
    const revoke = name === 'plain' ? { revoke: revocationPath } : {}
    return [name, { ...paths, ...revoke, owner, tokens: seeds[name] ?? {} }]
  })
  return { url, apis: Object.fromEntries(entries) }
}

/** The same for a person: what is served where, and lines to try. */
export function describe({ url, apis: served }: Announcement): string {
  const lines = Object.entries(served).flatMap(([name, api]) => [
    '',
    `${name.padEnd(8)}list       ${api.list}`,
    `        protected  ${api.protected}`,
    ...(api.revoke === undefined ? [] : [`        revoke     ${api.revoke}`]),
    ...(api.tokens.valid === undefined
      ? []
      : [`        curl -H 'Authorization: Bearer ${api.tokens.valid.secret}' ${url}${api.list}`]),
  ])
  return [
    `Four token APIs on ${url}`,
    ...lines,
    '',
    'The tokens are for trying out and last as long as the store.',
  ].join('\n')
}
