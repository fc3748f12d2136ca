const SLOTS = 16_384
const POLYNOMIAL = 0x1021

/**
 * The slot of a hash tag in Redis Cluster: CRC-16 (XMODEM) of the tag.
 *
 * @see https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#key-distribution-model
 */
export function slotOf(tag: string): number {
  let crc = 0
  for (const byte of Buffer.from(tag)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ POLYNOMIAL
    crc &= 0xffff
  }
  return crc % SLOTS
}
