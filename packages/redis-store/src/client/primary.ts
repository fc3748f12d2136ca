/** Lua at the head of each reading script: only a primary answers. `history` names the server's history of writes. */
export const PRIMARY: string = String.raw`
local replication = redis.call('INFO', 'replication')
if not string.find(replication, 'role:master', 1, true) then
  return redis.error_reply('READONLY the server is a replica')
end
local _, label_end = string.find(replication, 'master_replid:', 1, true)
local history = string.sub(replication, label_end + 1, label_end + 40)
`
