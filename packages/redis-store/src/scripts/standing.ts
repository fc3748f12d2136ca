/** Lua on top of `RECORD`: how a record's standing is read and changed. `ends` is the owner's, see `OwnerKeys`. */
export const STANDING: string = String.raw`
local function is_before(instant, other)
  return tonumber(instant, 36) < tonumber(other, 36)
end

local function updated_of(record)
  return record.updated ~= '' and record.updated or record.created
end

local function move_updated(record, at)
  if is_before(updated_of(record), at) then record.updated = at end
end

local function is_overlap_over(record, at)
  return record.rotated_to ~= '' and record.overlap_ends ~= '' and not is_before(at, record.overlap_ends)
end

local function is_revoked(record, at)
  return record.revoked ~= '' or is_overlap_over(record, at)
end

local function write_end(ends, record)
  local ended = math.huge
  local overlap_ends = record.rotated_to ~= '' and record.overlap_ends or ''
  for _, instant in ipairs({ record.revoked, record.expires, overlap_ends }) do
    if instant ~= '' then ended = math.min(ended, tonumber(instant, 36)) end
  end
  local is_counted = record.revoked == '' and record.rotated_to == ''
  redis.call('ZADD', ends, is_counted and ended or -ended, record.hash)
end

local function revoke(ends, record, at, reason)
  if record.revoked ~= '' then return end
  if is_overlap_over(record, at) then at, reason = record.overlap_ends, 'rotated' end
  record.revoked, record.reason, record.updated, record.sealed = at, reason, at, ''
  write_record(record)
  write_end(ends, record)
end
`
