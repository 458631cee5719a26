import { getServers } from 'node:dns'
import { type Endpoint, parseEndpoint } from '../core/endpoint.ts'

/** The recursive resolvers that this machine is set up with; link-local ones, which need a zone id, are left out. */
export const systemResolvers = (): readonly Endpoint[] => getServers().flatMap((text) => parseEndpoint(text, 53) ?? [])
