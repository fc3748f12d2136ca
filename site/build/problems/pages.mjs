import { Problem, standardDialect } from '@tessera/http'
import { refusalOf } from '../answers/refusals.mjs'
import { dialects, jsonOf } from '../answers/stage.mjs'
import { codeGroup, jsonBlock } from '../markdown.mjs'
import { exchangeErrors, problems, storeErrors, tokenErrors } from './causes.mjs'

/**
 * @typedef {import('@tessera/http').ProblemCode} ProblemCode
 * @typedef {import('./causes.mjs').Remedy} Remedy
 */

/** What a client reads, other than by the code of core: `invalid_token` for whatever reason a token is refused. */
const OVER_HTTP = new Map(
  /** @type {[string, ProblemCode][]} */ ([
    ['token_not_found', 'not_found'],
    ['actor_refused', 'invalid_token'],
    ['beyond_ceiling', 'forbidden'],
    ['store_unavailable', 'unavailable'],
    ['clock_skew', 'unavailable'],
    ['store_full', 'unavailable'],
  ]),
)

const EXCHANGED =
  'The `exchangeHandler` answers with status **400**, in the words of RFC 6749 §5.2: the code as `error`, and a text for people as `error_description`.'

const wording = { ...dialects, standard: standardDialect({ problems: 'https://api.example.com/problems/' }) }

/**
 * The classes of errors with a code, and the package that throws each.
 *
 * @type {readonly { name: string, from: string, remedies: Readonly<Record<string, Remedy>> }[]}
 */
const classes = [
  { name: 'TokenError', from: 'core', remedies: tokenErrors },
  { name: 'StoreError', from: 'core', remedies: storeErrors },
  { name: 'ExchangeError', from: 'access-jwt', remedies: exchangeErrors },
]

/** Every code of an error: of `Problem`, and of the classes. */
export const codes = [
  ...new Set([...Object.keys(problems), ...classes.flatMap(({ remedies }) => Object.keys(remedies))]),
].sort()

/**
 * A page for each code of an error, and one that lists them.
 *
 * @returns {Promise<ReadonlyMap<string, string>>} the text of each page
 */
export async function problemPages() {
  const pages = new Map([['problems/index.md', overview()]])
  for (const code of codes) pages.set(`problems/${code}/index.md`, await pageOf(code))
  return pages
}

/** @param {string} code */
async function pageOf(code) {
  const parts = [`# \`${code}\``]
  if (isProblem(code)) {
    const { status } = new Problem(code, '')
    parts.push(`Answered over HTTP with status **${status}**.`, remedy(problems[code]), await answersOf(code))
  }
  for (const { name, from, remedies } of classesOf(code)) {
    const thrown = remedies[code]
    if (thrown !== undefined) parts.push(thrownBy(code, name, from), remedy(thrown), wireOf(code, name))
  }
  parts.push('[All codes](../index.md) · [the five dialects](/guide/dialects.html)')
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** @param {string} code */
function classesOf(code) {
  return classes.filter(({ remedies }) => code in remedies)
}

/**
 * @param {string} code
 * @param {string} name
 * @param {string} from
 */
function thrownBy(code, name, from) {
  const heading = isProblem(code) ? '## In code\n\n' : ''
  const link = `[\`${name}\`](/reference/${from}.html#r-${name.toLowerCase()})`
  return `${heading}The \`code\` of ${link} (\`${name}Code\`), thrown by \`@tessera/${from}\`.`
}

/**
 * @param {string} code
 * @param {string} name
 */
function wireOf(code, name) {
  if (name === 'ExchangeError') return EXCHANGED
  const seen = OVER_HTTP.get(code)
  if (seen !== undefined) return `Over HTTP, clients read [\`${seen}\`](../${seen}/index.md).`
  return isProblem(code) ? '' : 'No request over HTTP leads here.'
}

/** @param {Remedy} remedy */
function remedy({ cause, cure }) {
  return `**Cause.** ${cause}\n\n**Cure.** ${cure}`
}

/** @param {ProblemCode} code */
async function answersOf(code) {
  const tabs = []
  let headers = {}
  for (const [name, dialect] of Object.entries(wording)) {
    const answer = await refusalOf(code, dialect)
    if (answer === null) continue
    headers = answer.headers
    tabs.push({ title: name, block: jsonBlock(jsonOf(answer)) })
  }
  const shown = Object.entries(headers).filter(([name]) => !['Content-Type', 'Cache-Control'].includes(name))
  const lines = shown.map(([name, value]) => `${name}: ${value}`)
  const head = lines.length === 0 ? [] : ['With these headers:', `\`\`\`http\n${lines.join('\n')}\n\`\`\``]
  return ['## The answer, in each dialect', codeGroup(tabs), ...head].join('\n\n')
}

/** @param {string} code @returns {code is ProblemCode} */
function isProblem(code) {
  return code in problems
}

function overview() {
  const rows = codes.map((code) => {
    const status = isProblem(code) ? String(new Problem(code, '').status) : '–'
    const kinds = classesOf(code).map(({ name }) => `\`${name}\``)
    return `| [\`${code}\`](./${code}/index.md) | ${status} | ${kinds.join(', ') || '–'} |`
  })
  return `# Error codes

Codes never change. Match on them, and not on messages: those are for people, and may change.

Over HTTP a code is the \`code\` of the dialect \`standard\`; the other dialects have words of their own for it. In code it is
the \`code\` of an error. Each page says why it happens and what to do.

With \`standardDialect({ problems })\` the \`type\` of each problem is the address of its page. Give the address at which you
serve this folder, such as \`https://api.example.com/problems/\`.

| code | status | thrown as |
| --- | --- | --- |
${rows.join('\n')}
`
}
