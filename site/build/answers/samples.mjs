import { dialects, jsonOf, openStage } from './stage.mjs'

/**
 * The request for one token in each page, the oldest first, in the words of each dialect; `plain` has no pages.
 *
 * @type {Readonly<Record<string, string>>}
 */
const ONE = {
  standard: 'limit=1&order=asc',
  plain: '',
  paged: 'per_page=1',
  offset: 'pagination[page_size]=1',
  cursor: 'limit=1',
}

/**
 * What a dialect answers to the same requests, by the names of the samples.
 *
 * @param {string} name
 * @returns {Promise<Readonly<Record<string, unknown>>>}
 */
export async function samplesOf(name) {
  const dialect = dialects[name]
  if (dialect === undefined) throw new Error(`there is no dialect ${name}`)
  const { ask, first } = await openStage(dialect)
  const token = jsonOf(await ask({ method: 'GET', path: `/${first.token.id}` }))
  const page = jsonOf(await ask({ method: 'GET', query: ONE[name] ?? '' }))
  const limit = jsonOf(await ask({ method: 'POST', json: { name: 'One more', scopes: [] } }))
  const parameter = jsonOf(await ask({ method: 'POST', json: { name: 7, scopes: [] } }))
  return { token, page, limit, parameter }
}
