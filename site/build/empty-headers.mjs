/**
 * Makes a plain cell of each empty one in the head of a table, and leaves a head out if all of it is empty: an empty header
 * tells a screen reader nothing.
 *
 * @param {{ core: { ruler: { push: (name: string, rule: (state: { tokens: Token[] }) => void) => void } } }} md of markdown-it
 * @typedef {{ type: string, tag: string, content: string }} Token
 */
export function withoutEmptyHeaders(md) {
  md.core.ruler.push('empty-headers', (state) => {
    for (let end = state.tokens.length - 1; end >= 0; end -= 1) {
      if (state.tokens[end]?.type !== 'thead_close') continue
      const start = state.tokens.findLastIndex(({ type }, place) => type === 'thead_open' && place < end)
      const head = state.tokens.slice(start, end + 1)
      const texts = head.filter(({ type }) => type === 'inline')
      if (texts.every(({ content }) => content === '')) state.tokens.splice(start, head.length)
      else head.forEach((token, place) => makePlain(token, head[place + 1], head[place - 1]))
    }
  })
}

/**
 * @param {Token} token
 * @param {Token | undefined} next
 * @param {Token | undefined} before
 */
function makePlain(token, next, before) {
  const isEmpty = (/** @type {Token | undefined} */ cell) => cell?.type === 'inline' && cell.content === ''
  if ((token.type === 'th_open' && isEmpty(next)) || (token.type === 'th_close' && isEmpty(before)))
    Object.assign(token, { tag: 'td' })
}
