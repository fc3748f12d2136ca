/**
 * Lua: whether the server's clock is between the instants `from` and `till` in milliseconds, see `ServerClocks`. It is not if
 * the script runs after its caller gave up, or if the clock was set since the caller read it.
 */
export const IN_TIME: string = String.raw`
local time = redis.call('TIME')
local server_now = time[1] * 1000 + time[2] / 1000
local is_in_time = tonumber(from) <= server_now and server_now < tonumber(till)
`
