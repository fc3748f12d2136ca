/**
 * Lua on top of `RECORD`: which digests the change feed is to be told of. A record remembers those that it may not have
 * been told of, beside its own, until `SETTLE`. Digests are in hex, each with a space behind it.
 */
export const UNTOLD: string = String.raw`
local function hex_of(digest)
  return string.format(string.rep('%02x', #digest), string.byte(digest, 1, -1)) .. ' '
end

local function to_tell(record)
  return hex_of(record.digest) .. record.untold
end

local function forget_told(record, told)
  for hex in string.gmatch(told, '%x+') do
    record.untold = string.gsub(record.untold, '%f[%x]' .. hex .. ' ', '', 1)
  end
end
`
