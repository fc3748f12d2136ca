/**
 * Lua: whether the server's clock is between two instants in milliseconds, see `ServerClocks`. It is not if the script runs
 * after its caller gave up, or if the clock was set since the caller read it.
 */
export const IN_TIME: string = String.raw`
local function is_in_time(from, till)
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
  return tonumber(from) <= now and now < tonumber(till)
end
`
