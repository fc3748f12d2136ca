import { mountAt } from '@tessera/http'
import type { DialectDescription, Parameter } from '@tessera/http'

/** A mount point as OpenAPI has it. */
export interface MountPath {
  /** The path template, e.g. `/orgs/{orgID}/tokens`; empty at the root. */
  readonly template: string
  readonly parameters: readonly Parameter[]
}

/**
 * Reads the path of a mount point, e.g. `/orgs/:orgID/tokens`.
 *
 * @throws TypeError for anything but such a path, for a parameter `:id`, and if the dialect needs a parameter that is missing
 */
export function mountPath(basePath: string, { owner }: DialectDescription): MountPath {
  if (!isMountPath(basePath)) {
    throw new TypeError(
      'openApi: option "basePath" must be a path such as /tokens or /orgs/:orgID/tokens, with each parameter once',
    )
  }
  const names = [...basePath.matchAll(/\/:(\w+)/g)].map(([, name = '']) => name)
  if (names.includes('id'))
    throw new TypeError('openApi: option "basePath" must not have a parameter :id: a token has it')
  const known = owner?.parameters.filter((parameter) => parameter.in === 'path') ?? []
  const missing = known.find(({ name }) => !names.includes(name))
  if (missing !== undefined)
    throw new TypeError(`openApi: option "basePath" must have :${missing.name} for this dialect`)
  return {
    template: basePath.replace(/\/$/, '').replaceAll(/:(\w+)/g, '{$1}'),
    parameters: names.map((name) => known.find((each) => each.name === name) ?? partOfPath(name)),
  }
}

function partOfPath(name: string): Parameter {
  const description = `The \`${name}\` of the path.`
  return { name, in: 'path', required: true, description, schema: { type: 'string', minLength: 1 } }
}

function isMountPath(value: unknown): boolean {
  try {
    return mountAt(String(value)) !== null
  } catch {
    return false
  }
}
