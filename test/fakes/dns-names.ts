import { type Address, parseAddress } from '../../src/core/address.ts'
import { type Fqdn, parseFqdn } from '../../src/core/fqdn.ts'

/** The name, or an error if the text is none. */
export const fqdn = (text: string): Fqdn => {
  const name = parseFqdn(text)
  if (name === undefined) throw new Error(`${text} is not a name`)
  return name
}

/** The address, or an error if the text is none. */
export const address = (text: string): Address => {
  const parsed = parseAddress(text)
  if (parsed === undefined) throw new Error(`${text} is not an address`)
  return parsed
}
