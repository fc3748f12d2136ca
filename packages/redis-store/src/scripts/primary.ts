/**
 * Lua at the head of what reads: only a server that is a primary answers. The last argument says how many replicas must
 * follow it: a deposed primary has lost them to the new one. They count if they acknowledged within the last second, by a
 * clock that is read now. `history` names the history of writes that the server has.
 */
export const PRIMARY: string = String.raw`
local replicas = tonumber(table.remove(ARGV))
local replication = redis.call('INFO', 'replication')
if not string.find(replication, 'role:master', 1, true) then
  return redis.error_reply('READONLY the server is a replica')
end
if replicas > 0 then
  local following = 0
  for lag in string.gmatch(replication, 'state=online,offset=%d+,lag=(%d+)') do
    if tonumber(lag) <= 1 then following = following + 1 end
  end
  if following < replicas then
    return redis.error_reply('UNCONFIRMED only ' .. following .. ' of ' .. replicas .. ' replicas follow the server')
  end
end
local history = string.match(replication, 'master_replid:(%x+)')
`
