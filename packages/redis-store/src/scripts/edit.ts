import { defineChange } from './change.ts'
import type { Script } from './script.ts'

/** Its wishes are the name, the scopes that it goes out from and those that it sets; each is empty or follows an `=`. */
export const EDIT: Script = defineChange(String.raw`
  if is_revoked(record, at) then return 'not_allowed' end
  local line = '[^\n]*\n'
  local head, name, origin, scopes =
    string.match(record.facts, '^(' .. string.rep(line, 5) .. ')([^\n]*)(\n[^\n]*\n[^\n]*)(.*)$')
  local to_name, from, to = unpack(wishes)
  local function wished(wish, value) return wish == '' and value or string.sub(wish, 2) end
  local facts = head .. wished(to_name, name) .. origin .. wished(to, scopes)
  if facts == record.facts then return end
  if from ~= '' and from ~= '=' .. scopes then return 'outdated' end
  record.facts = facts
  move_updated(record, at)
  write_record(record)`)
