import { type Address, familyOf, parseAddress } from './address.ts'

/** A server's address and port. */
export interface Endpoint {
  readonly address: Address
  readonly port: number
}

/** `192.0.2.1:53`, `[2001:db8::1]:53`. */
export const endpointText = (endpoint: Endpoint): string =>
  familyOf(endpoint.address) === 'v6' ? `[${endpoint.address}]:${endpoint.port}` : `${endpoint.address}:${endpoint.port}`

/** From `ADDRESS`, `IPV4:PORT` or `[IPV6]:PORT`; undefined if it is none of these. */
export const parseEndpoint = (text: string, defaultPort: number): Endpoint | undefined => {
  const bare = parseAddress(text)
  if (bare !== undefined) return { address: bare, port: defaultPort }
  const match = /^(?:\[(?<v6>[^\]]+)\]|(?<v4>[^:[\]]+))(?::(?<port>\d{1,5}))?$/.exec(text)
  const { v6, v4 } = match?.groups ?? {}
  const address = parseAddress(v6 ?? v4 ?? '')
  if (address === undefined || (familyOf(address) === 'v6') !== (v6 !== undefined)) return undefined
  const port = Number(match?.groups?.['port'] ?? defaultPort)
  return port >= 1 && port <= 65_535 ? { address, port } : undefined
}
