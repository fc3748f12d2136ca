import { apiNames, apis, pathFor, revocationPath } from './apis.ts'
import type { ApiName } from './apis.ts'
import { documentPath } from './documents.ts'
import { loginPath, pagePath } from './people.ts'
import type { Seeds } from './seed.ts'
import { streamPath } from './stream.ts'

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
  readonly usage?: string
  readonly openapi?: string
  readonly page?: string
  readonly login?: string
  readonly stream?: string
  readonly owner: string
  readonly tokens: Seeds
}

export function announce(url: string, seeds: Readonly<Partial<Record<ApiName, Seeds>>>): Announcement {
  const entries = apiNames.map((name): [string, AnnouncedApi] => {
    const { dialect, path, protectedPath, owner } = apis[name]
    const list = pathFor(path, owner)
    const paths = { list, item: `${list}/{id}`, protected: pathFor(protectedPath, owner) }
    const revoke = name === 'plain' ? { revoke: revocationPath } : {}
    const usage = dialect.writeUsage === undefined ? {} : { usage: `${list}/usage` }
    const own =
      name === 'standard' ? { openapi: documentPath(name), page: pagePath, login: loginPath, stream: streamPath } : {}
    return [name, { ...paths, ...revoke, ...usage, ...own, owner, tokens: seeds[name] ?? {} }]
  })
  return { url, apis: Object.fromEntries(entries) }
}

/** The same for a person: what is served where, and lines to try. */
export function describe({ url, apis: served }: Announcement): string {
  const lines = Object.entries(served).flatMap(([name, api]) => [
    '',
    `${name.padEnd(10)}list       ${api.list}`,
    `          protected  ${api.protected}`,
    ...(api.revoke === undefined ? [] : [`          revoke     ${api.revoke}`]),
    ...(api.usage === undefined ? [] : [`          usage      ${api.usage}`]),
    ...(api.stream === undefined ? [] : [`          stream     ${api.stream}`]),
    ...(api.openapi === undefined ? [] : [`          openapi    ${api.openapi}`]),
    ...(api.tokens.valid === undefined
      ? []
      : [`          curl -H 'Authorization: Bearer ${api.tokens.valid.secret}' ${url}${api.list}`]),
  ])
  return [`Token page: ${url}${pagePath}`, `Five token APIs on ${url}`, ...lines, ...variables(served)].join('\n')
}

/** A line to paste into a shell before the requests that the README shows. */
function variables({ plain }: Announcement['apis']): readonly string[] {
  const { valid, spare, noScope } = plain?.tokens ?? {}
  if (valid === undefined || spare === undefined || noScope === undefined) return []
  const { secret } = valid
  return ['', `export TOKEN=${secret} SPARE=${spare.secret} SPARE_ID=${spare.id} NO_SCOPE=${noScope.secret}`]
}
