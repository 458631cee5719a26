import { z } from 'zod'
import type { Endpoint } from '../core/endpoint.ts'
import type { Scope } from '../engine/operations.ts'
import type { Parsed } from './duration.ts'
import { flag, integer, leaf, shown, text, variablePattern } from './leaf.ts'
import { network, readEndpoint } from './network-leaf.ts'
import { secretText } from './secret-leaf.ts'
import { didYouMean } from './suggest.ts'

const fail = (message: string): { readonly ok: false; readonly message: string } => ({ ok: false, message })

const defaultPort = 8453

const listen = () =>
  leaf({ type: 'string', examples: ['127.0.0.1:8453', '[::]:8453', 'off'] }, (raw): Parsed<Endpoint | 'off'> => {
    if (raw === 'off') return { ok: true, value: 'off' }
    if (raw === false) return fail('must be an address and port, or off; did you mean off?')
    const read = readEndpoint(raw, defaultPort, `127.0.0.1:${defaultPort}`)
    const port = /^(?:\*|localhost)?:?(?<port>\d{1,5})$/.exec(String(raw))?.groups?.['port']
    if (read.ok || port === undefined) return read
    return fail(`${shown(raw)} names no address; write 127.0.0.1:${port} for this machine alone, 0.0.0.0:${port} or [::]:${port} for all`)
  })

const scope = () =>
  leaf({ anyOf: [{ enum: ['read', 'operate'] }, { type: 'string', pattern: `^webhook:[\\w.-]{1,63}$|${variablePattern}` }] }, (raw): Parsed<Scope> => {
    if (raw === 'read' || raw === 'operate') return { ok: true, value: raw }
    const source = typeof raw === 'string' ? /^webhook:(?<source>[\w.-]{1,63})$/.exec(raw)?.groups?.['source'] : undefined
    if (source !== undefined) return { ok: true, value: `webhook:${source}` }
    if (typeof raw === 'string' && /^webhooks?\b/i.test(raw)) return fail(`${shown(raw)} is not a scope; write webhook:NAME, with a name from "webhooks"`)
    return fail(`${shown(raw)} is not a scope${didYouMean(typeof raw === 'string' ? raw : '', ['read', 'operate', 'webhook:NAME'], 'choose from')}`)
  })

const Token = z
  .strictObject({
    token: secretText().optional().describe('The token, at least 16 characters; better ${VARIABLE} than in the file itself.'),
    tokenFile: text(4096).optional().describe('A file that holds the token, relative to this file.'),
    scopes: z.array(scope()).min(1).describe('What it allows: read (see all), operate (see all and give orders), webhook:NAME (speak for that source).'),
  })
  .describe('A token for the HTTP API.')

export const ApiInput = z
  .strictObject({
    listen: listen()
      .optional()
      .meta({ default: `127.0.0.1:${defaultPort}`, description: 'Address, and port if not 8453, of the HTTP API; off: only the socket in the state directory.' }),
    open: flag().prefault(false).describe('Let everybody who reaches it read without a token, from other machines as well. Orders always need one.'),
    dashboard: flag().prefault(true).describe('Serve the dashboard, the pages for people, at / beside the API.'),
    tokens: z.record(z.string(), Token).prefault({}).describe("Who may do what, by a name of your own that stands in the log."),
    requestsPerSecond: integer(1, 100_000).prefault(50).describe('Requests a second that one client may make, and as many at once.'),
    trustedProxies: z.array(network()).prefault([]).describe('Addresses or networks of reverse proxies, whose X-Forwarded-For is believed.'),
  })
  .prefault({})
  .describe('The HTTP API.')
export type ApiInput = z.output<typeof ApiInput>

/** Where it listens unless told otherwise. */
export const defaultListen = `127.0.0.1:${defaultPort}`
