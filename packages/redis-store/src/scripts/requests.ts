import { KEPT_REQUESTS } from './kept-requests.ts'
import { defineScript } from './script.ts'
import type { Script } from './script.ts'
import { UNTOLD } from './untold.ts'

/** Replies how a key decides about a request for one token, see `takeStep`; nothing where it is free. */
export const FIND_REQUEST: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
${UNTOLD}
${KEPT_REQUESTS}
local request = request_from(1, 2, tonumber(ARGV[1]))
local kept = kept_under(request)
return kept and repeated(kept, request)
`,
)

/**
 * Claims a key for a request for many tokens, or keeps how many it revoked. Replies `claimed`, `kept`,
 * `idempotency_conflict`, `idempotency_limit_reached`, or `replayed` with the count of an equal request that was done before.
 */
export const REQUEST_FOR_MANY: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local now, count = tonumber(ARGV[1], 36), tonumber(ARGV[2])
${UNTOLD}
${KEPT_REQUESTS}
local request = request_from(1, 3, now)
local kept = kept_under(request)
if kept and (kept[2] ~= request.fingerprint or kept[5]) then return { 'idempotency_conflict' } end
if kept and kept[4] then return { 'replayed', kept[4] } end
if not kept and not has_room(request) and not count then return { 'idempotency_limit_reached' } end
if count or not kept then keep(request, '', count) end
return { count and 'kept' or 'claimed' }
`,
)
