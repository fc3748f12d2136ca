import type { Schema } from '@tessera/http'
import type { Header, OpenApiDocument, Reference } from '@tessera/openapi'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Answer } from '../support/four-apis/answer.ts'
import { operationsIn } from './documented.ts'
import type { Documented } from './documented.ts'

/** Compares real answers with those that a document declares. */
export interface AnswerChecks {
  /** What is wrong with an answer: nothing, if it is as declared. */
  faultsOf(asked: Documented, answer: Answer): readonly string[]
  /** What is wrong with a JSON body of a request. */
  faultsOfBody(asked: Documented, body: unknown): readonly string[]
  /** The declared statuses, headers and words of errors that no answer had so far. */
  unreached(): readonly string[]
}

export function answerChecks(document: OpenApiDocument): AnswerChecks {
  const ajv = new Ajv2020({ strict: false, allErrors: true, inlineRefs: false, code: { optimize: false } })
  addFormats.default(ajv)
  ajv.addSchema(document, 'document')
  const reached = new Set<string>()

  /** The names that lead to a schema, as a JSON pointer within a URI. */
  function faultsBy(names: readonly string[], value: unknown): readonly string[] {
    const pointer = names.map((name) => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
    const validate = ajv.getSchema(`document#/${pointer}`) ?? ajv.compile({ $ref: `document#/${pointer}` })
    if (validate(value) === true) return []
    return (validate.errors ?? []).map(({ instancePath, message, params }) =>
      [instancePath || 'body', message, JSON.stringify(params)].join(' '),
    )
  }

  const headerOf = (header: Header | Reference): Header =>
    '$ref' in header ? (document.components.headers[header.$ref.split('/').at(-1) ?? ''] as Header) : header

  function faultsOf({ path, method, operation }: Documented, answer: Answer): readonly string[] {
    const { operationId, responses } = operation
    const status = String(answer.status)
    const response = responses[status]
    if (response === undefined) return [`${operationId} does not declare ${status}: ${answer.body.slice(0, 200)}`]
    reached.add(`${operationId} ${status}`)
    const faults: string[] = []
    for (const [name, declared] of Object.entries(response.headers ?? {})) {
      const value = answer.headers.get(name.toLowerCase())
      const { required = false, schema } = headerOf(declared)
      if (value === undefined && required) faults.push(`has no ${name}`)
      if (value === undefined) continue
      reached.add(`${operationId} ${status} ${name}`)
      const isValid: boolean = ajv.validate(schema as object, value)
      if (!isValid) faults.push(`${name}: ${value}`)
    }
    const type = answer.headers.get('content-type')?.split(';')[0]
    const content = Object.entries(response.content ?? {})
    const [[mediaType, { schema }] = ['', { schema: {} }]] = content
    if (type !== (content.length === 0 ? undefined : mediaType)) faults.push(`is ${type}, and not ${mediaType}`)
    else if (content.length > 0) {
      const body: unknown = JSON.parse(answer.body)
      faults.push(...faultsBy(['paths', path, method, 'responses', status, 'content', mediaType, 'schema'], body))
      for (const word of wordsIn(schema)) {
        if (valueAt(body, word.path) === word.value) reached.add(lineOf(operationId, status, word))
      }
    }
    return faults.map((fault) => `${operationId} ${status}: ${fault}`)
  }

  function declared(): readonly string[] {
    return operationsIn(document).flatMap(({ operation: { operationId, responses } }) =>
      Object.entries(responses).flatMap(([status, { headers = {}, content = {} }]) => [
        `${operationId} ${status}`,
        ...Object.keys(headers).map((name) => `${operationId} ${status} ${name}`),
        ...Object.values(content).flatMap(({ schema }) =>
          wordsIn(schema).map((word) => lineOf(operationId, status, word)),
        ),
      ]),
    )
  }

  return {
    faultsOf,
    faultsOfBody: ({ path, method }, body) =>
      faultsBy(['paths', path, method, 'requestBody', 'content', 'application/json', 'schema'], body),
    unreached: () => declared().filter((line) => !reached.has(line)),
  }
}

/** A value that an answer may have at a place: a word of an `enum` that stands in the answer's own schema. */
interface Word {
  readonly path: readonly string[]
  readonly value: unknown
}

function wordsIn(schema: Schema, path: readonly string[] = []): readonly Word[] {
  const { enum: values = [], allOf = [], properties = {} } = schema as Readonly<Record<string, object | undefined>>
  return [
    ...(values as readonly unknown[]).map((value) => ({ path, value })),
    ...(allOf as readonly Schema[]).flatMap((each) => wordsIn(each, path)),
    ...Object.entries(properties).flatMap(([name, each]) => wordsIn(each as Schema, [...path, name])),
  ]
}

function lineOf(operationId: string, status: string, { path, value }: Word): string {
  return `${operationId} ${status} ${path.join('.')}=${String(value)}`
}

function valueAt(body: unknown, path: readonly string[]): unknown {
  return path.reduce((at: unknown, name) => Reflect.get(Object(at), name), body)
}
