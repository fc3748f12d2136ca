/** Lua at the head of each reading script: only a primary answers. `history` names the server's history of writes. */
export const PRIMARY: string = String.raw`
local replication = redis.call('INFO', 'replication')
if not string.find(replication, 'role:master', 1, true) then
  return redis.error_reply('READONLY the server is a replica')
end
local history = string.match(replication, 'master_replid:(%x+)')
`
