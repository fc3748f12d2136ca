import { createTokens } from '@tessera/core'
import { memoryStore } from '@tessera/memory-store'
const events = globalThis[Symbol.for('tessera.cli.test')]?.['/work/w/tp/packages/cli/testing/.app-TK44II'] ?? []
const onEvent = ({ type, by }) => void events.push(type + ' ' + by)
export const store = memoryStore({ warnInProduction: false })
export const tokens = createTokens({ store, prefix: 'acme_pat', onEvent, scopes: ['jobs:read', 'jobs:write'] })
tokens.close = () => tokens.flush() // It is called again and again here.
