import type { Token } from '@tessera/core'
import { refuse, usage } from '../terminal/exit-codes.ts'
import type { Call } from './command.ts'

/**
 * The token named by `OWNER ID`, or by `ID` alone. The latter may cost a look at every owner.
 *
 * @throws Exit for an unknown one
 */
export async function findToken({ app, args }: Call): Promise<Token> {
  const { tokens } = await app()
  const [first = '', second] = args
  const id = second ?? first
  if (!tokens.isId(id)) throw usage(`ID must be the id of a token, as in the list`)
  const token = second === undefined ? await tokens.findById(id) : await tokens.get(first, id)
  if (token === null) throw refuse(second === undefined ? 'there is no such token' : 'the owner has no such token')
  return token
}
