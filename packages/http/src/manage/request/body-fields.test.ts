import { describe, expect, it } from 'vitest'
import { refuseOtherFields } from './body-fields.ts'

describe('refuseOtherFields', () => {
  it('lets the fields through that there are', () => {
    expect(() => refuseOtherFields({ name: 'CI' }, ['name', 'scopes'], {})).not.toThrow()
    expect(() => refuseOtherFields({}, [], {})).not.toThrow()
  })

  it('refuses another without repeating it', () => {
    expect(() => refuseOtherFields({ secret_in_a_name: 1 }, ['name'], {})).toThrow('The body has a field beside name')
    expect(() => refuseOtherFields({ secret_in_a_name: 1 }, [], {})).toThrow('The body has a field where it takes none')
    expect(() => refuseOtherFields({ toString: 1 }, ['name'], {})).toThrow('The body has a field beside name')
  })

  it.each(['owner', 'ownerId', 'userId', 'account_id', 'org_id', 'organizationId'])('names the owner: %s', (name) => {
    expect(() => refuseOtherFields({ [name]: 'acme' }, ['name'], {})).toThrow(
      expect.objectContaining({ code: 'invalid_parameter', facts: { parameter: name } }),
    )
  })
})
