/** Lua: counts tokens active at an instant. The last keys are the ends of all prefixes that count, from `first` on. */
export const ACTIVE: string = String.raw`
local function count_active(first, instant)
  local count = 0
  for index = first, #KEYS do count = count + redis.call('ZCOUNT', KEYS[index], '(' .. instant, '+inf') end
  return count
end
`
