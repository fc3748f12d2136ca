/** What `minReplicas: 1` demands of the servers, for `redis.conf`. */
export const REPLICA_SETTINGS: readonly string[] = ['min-replicas-to-write 1', 'min-replicas-max-lag 3']
