import { describe, expect, it } from 'vitest'
import { everyDialect } from '../../testing/every-dialect.ts'
import { OWNER, openApi } from '../../testing/open-api.ts'
import type { Schema } from './describe/description.ts'

const propertiesOf = ({ properties = {} }: Schema) => properties as Readonly<Record<string, Schema>>
const names = (value: unknown) => Object.keys(Object(value)).sort()
const described = (schema: Schema | undefined) => names(propertiesOf(schema ?? {}))

/** The places of names without a sentence. */
function unexplained({ items, $ref, description, ...schema }: Schema, path = ''): readonly string[] {
  if ($ref !== undefined) return []
  if (description === undefined && schema['properties'] === undefined) return [path]
  const inside = Object.entries(propertiesOf(schema)).flatMap(([name, each]) => unexplained(each, `${path}/${name}`))
  const isOfObjects = typeof items === 'object' && items !== null && 'properties' in items
  return isOfObjects ? [...inside, ...unexplained(items, `${path}/items`)] : inside
}

describe.each(everyDialect.filter(({ dialect }) => dialect.describe))(
  'the description of $name',
  ({ dialect, ids, envelope }) => {
    const { token, tokenAnswer, page, error, errorCode, list } = dialect.describe ?? expect.fail('no description')

    it('has the names that are written', async () => {
      const { call, tokens } = openApi(dialect, { ids })
      await tokens.issue({ owner: OWNER, name: 'CI', scopes: [] })
      const listed = (await call('GET')).json
      expect(names(listed)).toEqual(described(page))
      const { json } = await call('POST', '/', { json: { name: 'CI', scopes: [] } })
      expect(names(json)).toEqual([...described(tokenAnswer), 'secret'].sort())
      expect(names(Reflect.get(Object(json), envelope))).toEqual(described(token))
      const refused = (await call('POST', '/', { json: { name: 'CI', scopes: 'all' } })).json
      expect(described(error)).toEqual(expect.arrayContaining(names(refused)))
      expect(names(refused)).toEqual(expect.arrayContaining(error['required'] as string[]))
      const code = errorCode.reduce<unknown>((at, name) => Reflect.get(Object(at), name), refused)
      expect(code).toBeTypeOf('string')
    })

    it('has the parameters that are read, each once', () => {
      if (dialect.listParameters !== undefined) expect(list.map(({ name }) => name)).toEqual(dialect.listParameters)
      for (const { name } of list) {
        const query = encodeURIComponent(name)
        const twice = new URLSearchParams(`${query}=1&${query}=2`)
        expect(() => dialect.readList(twice, OWNER)).toThrow(expect.objectContaining({ code: 'invalid_parameter' }))
      }
    })

    it('explains every word', () => {
      expect([token, tokenAnswer, page, error].flatMap((schema) => unexplained(schema))).toEqual([])
    })
  },
)
