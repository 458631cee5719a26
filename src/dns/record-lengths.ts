const typeA = 1
const typeAaaa = 28

/** Past a name, which may end in a compression pointer; undefined if it leaves the message or is no name. */
const skipName = (message: Buffer, start: number): number | undefined => {
  for (let at = start; at - start <= 254; ) {
    const length = message[at]
    if (length === undefined) return undefined
    if (length >= 0xc0) return at + 2
    if (length > 63) return undefined
    at += 1 + length
    if (length === 0) return at
  }
  return undefined
}

/**
 * Whether every record of a message lies within it, and every A and AAAA has the length of an address. dns-packet
 * takes four or sixteen bytes for an address whatever RDLENGTH says, so a malformed record would yield the bytes of its
 * neighbour.
 */
export const hasSoundRecords = (message: Buffer): boolean => {
  if (message.length < 12) return false
  const counts = [4, 6, 8, 10].map((at) => message.readUInt16BE(at))
  const [questions = 0, ...sections] = counts
  let at = 12
  for (let left = questions; left > 0; left -= 1) {
    const end = skipName(message, at)
    if (end === undefined || end + 4 > message.length) return false
    at = end + 4
  }
  for (let left = sections.reduce((sum, count) => sum + count, 0); left > 0; left -= 1) {
    const fields = skipName(message, at)
    if (fields === undefined || fields + 10 > message.length) return false
    const [type, length] = [message.readUInt16BE(fields), message.readUInt16BE(fields + 8)]
    if ((type === typeA && length !== 4) || (type === typeAaaa && length !== 16)) return false
    at = fields + 10 + length
    if (at > message.length) return false
  }
  return true
}
