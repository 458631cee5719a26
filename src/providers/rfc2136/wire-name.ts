/** A domain name in the messages of this folder: lower case, no trailing dot, odd bytes as `\DDD`; the root is ''. */
export type WireName = string

/**
 * The bytes of a name, uncompressed and in lower case (RFC 1035 section 3.1; the canonical form that a TSIG covers).
 * @throws RangeError if a label or the name is empty, too long or not ASCII: names come from parsed configuration.
 */
export const encodeName = (name: WireName): Buffer => {
  const labels = name.toLowerCase().split('.').filter((_, at, all) => all.length > 1 || all[at] !== '')
  const parts = labels.map((label) => {
    const bytes = Buffer.from(label, 'latin1')
    if (bytes.length === 0 || bytes.length > 63 || !/^[!-~]+$/.test(label)) throw new RangeError(`"${name}" is no domain name`)
    return Buffer.concat([Buffer.from([bytes.length]), bytes])
  })
  const encoded = Buffer.concat([...parts, Buffer.from([0])])
  if (encoded.length > 255) throw new RangeError(`"${name}" is longer than 255 bytes`)
  return encoded
}

const labelText = (bytes: Buffer): string =>
  [...bytes].map((byte) => (byte > 0x20 && byte < 0x7f && byte !== 0x2e && byte !== 0x5c
    ? String.fromCodePoint(byte).toLowerCase()
    : `\\${String(byte).padStart(3, '0')}`)).join('')

/**
 * Reads a name that may be compressed (RFC 1035 section 4.1.4). Every pointer must lead to before where the labels
 * that it ends began, so that reading always comes to an end.
 * @throws RangeError on anything malformed.
 */
export const decodeName = (message: Buffer, offset: number): { readonly name: WireName; readonly end: number } => {
  const labels: string[] = []
  let at = offset
  let start = offset
  let end: number | undefined
  let length = 1
  for (;;) {
    const size = message.readUInt8(at)
    if (size === 0) return { name: labels.join('.'), end: end ?? at + 1 }
    if (size >= 0xc0) {
      const target = message.readUInt16BE(at) - 0xc0_00
      if (target >= start) throw new RangeError(`compression pointer at ${at} does not lead back`)
      end ??= at + 2
      at = target
      start = target
      continue
    }
    length += size + 1
    if (size > 63 || length > 255 || at + 1 + size > message.length) throw new RangeError(`malformed name at ${offset}`)
    labels.push(labelText(message.subarray(at + 1, at + 1 + size)))
    at += size + 1
  }
}
