import { KEPT_REQUESTS } from './kept-requests.ts'
import { defineScript } from './script.ts'
import type { Script } from './script.ts'

/** Replies how a key decides about a request for one token, see `takeStep`; nothing where it is free. */
export const FIND_REQUEST: Script = defineScript(
  'reads',
  String.raw`
local requests = KEYS[1]
local now = tonumber(ARGV[1])
${KEPT_REQUESTS}
local request = request_from(2)
local kept = kept_under(requests, request, now)
return kept and repeated(kept, request)
`,
)

/**
 * Claims a key for a request for many tokens, or keeps how many it revoked. Replies `claimed`, `kept`,
 * `idempotency_conflict`, or `replayed` with the count of an equal request that was done before.
 */
export const REQUEST_FOR_MANY: Script = defineScript(
  'shrinks-or-keeps',
  String.raw`
local requests = KEYS[1]
local now, count = tonumber(ARGV[1], 36), tonumber(ARGV[2])
${KEPT_REQUESTS}
local request = request_from(3)
local kept = kept_under(requests, request, now)
if kept and (kept[2] ~= request.fingerprint or kept[5]) then return { 'idempotency_conflict' } end
if kept and kept[4] then return { 'replayed', kept[4] } end
if count or not kept then keep(requests, request, '', count) end
return { count and 'kept' or 'claimed' }
`,
)
