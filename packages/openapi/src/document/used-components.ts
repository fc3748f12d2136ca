import type { DocumentComponents, OpenApiDocument } from './document.ts'

const REFERENCE = /^#\/components\/([^/]+)\/([^/]+)$/

/** The document without unused components. */
export function withoutUnused(document: OpenApiDocument): OpenApiDocument {
  const { components } = document
  const used = new Set<string>()
  const kinds = Object.entries(components) as [keyof DocumentComponents, Readonly<Record<string, unknown>>][]

  function follow(value: unknown): void {
    if (typeof value !== 'object' || value === null) return
    for (const [name, each] of Object.entries(value)) {
      if (name === '$ref' && typeof each === 'string') visit(each)
      else follow(each)
    }
  }

  function visit(reference: string): void {
    if (used.has(reference)) return
    used.add(reference)
    const [, kind = '', name = ''] = REFERENCE.exec(reference) ?? []
    follow(Reflect.get(Object(Reflect.get(components, kind)), name))
  }

  follow(document.paths)
  for (const name of schemesIn(document)) used.add(`#/components/securitySchemes/${name}`)
  const kept = kinds.map(([kind, all]) => [
    kind,
    Object.fromEntries(Object.entries(all).filter(([name]) => used.has(`#/components/${kind}/${name}`))),
  ])
  return { ...document, components: Object.fromEntries(kept) as DocumentComponents }
}

function schemesIn({ paths }: OpenApiDocument): readonly string[] {
  const items = Object.values(paths).flatMap((item) => Object.values(item))
  return items.flatMap(({ security }) => security.flatMap((requirement) => Object.keys(requirement)))
}
