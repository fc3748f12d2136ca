import { describe, expect, it } from 'vitest'
import { APPEND_CHANGES } from '../scripts/feed.ts'
import { missingPermission } from './missing-permission.ts'

const ofScript = (line: number) => ` script: ${APPEND_CHANGES.sha}, on @user_script:${line}.`
const lineOf = (call: string) => APPEND_CHANGES.source.split('\n').findIndex((line) => line.includes(call)) + 1

const REFUSALS: readonly (readonly [message: string, grant: string])[] = [
  ["NOPERM this user has no permissions to run the 'info' command", '+info'],
  ["NOPERM User tessera has no permissions to run the 'config|get' command", '+config|get'],
  [`ERR The user executing the script can't run this command or subcommand${ofScript(lineOf('XADD'))}`, '+xadd'],
  ["ERR ACL failure in script: User tessera has no permissions to run the 'xadd' command", '+xadd'],
  ['NOPERM this user has no permissions to access one of the keys used as arguments', '~<keyPrefix>*'],
  ['NOPERM No permissions to access a key', '~<keyPrefix>*'],
  ["ERR The user executing the script can't access at least one of the keys mentioned", '~<keyPrefix>*'],
]

describe('missingPermission', () => {
  it.each(REFUSALS)('of %j names %s', (message, grant) => {
    const refusal = new Error(message)
    const missing = missingPermission(refusal)
    expect(missing?.message).toContain(`add ${grant} to its rule`)
    expect(missing?.cause).toBe(refusal)
  })

  it('names all commands of a script if the line has none', () => {
    const refusal = new Error(`ERR The user executing the script can't run this command or subcommand${ofScript(2)}`)
    expect(missingPermission(refusal)?.message).toMatch(/add \+get \+del \+exists \+xsetid .*to its rule/)
  })

  it.each(['READONLY You cannot write against a read only replica.', 'ERR unknown command', 'WRONGPASS invalid'])(
    'is silent about %j',
    (message) => {
      expect(missingPermission(new Error(message))).toBeNull()
    },
  )
})
