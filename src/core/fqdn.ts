/** A fully qualified domain name: lower case, no trailing dot, ASCII (RFC 1035 section 2.3.4, RFC 2181 section 11). */
export type Fqdn = string & { readonly __brand: 'Fqdn' }

const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/

/** The name in its one spelling, or undefined if it is not a host or service name of at least two labels. */
export const parseFqdn = (text: string): Fqdn | undefined => {
  const name = text.replace(/[A-Z]+/g, (upper) => upper.toLowerCase()).replace(/\.$/, '')
  const labels = name.split('.')
  const isAddress = /^\d+$/.test(labels.at(-1) ?? '')
  const valid = name.length <= 253 && labels.length >= 2 && !isAddress && labels.every((part) => label.test(part))
  return valid ? (name as Fqdn) : undefined
}

/** Whether `name` is `zone` or lies under it. */
export const isWithin = (name: Fqdn, zone: Fqdn): boolean => name === zone || name.endsWith(`.${zone}`)

/** `name` and its parents, longest first, down to two labels: where a zone cut may be. */
export const ancestors = (name: Fqdn): readonly Fqdn[] => {
  const labels = name.split('.')
  return labels.slice(0, -1).map((_, at) => labels.slice(at).join('.') as Fqdn)
}
