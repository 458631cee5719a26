import { z } from 'zod'
import type { Parsed } from './duration.ts'
import { leaf, shown, text } from './leaf.ts'
import { domainName, endpoint } from './network-leaf.ts'
import { secretText } from './secret-leaf.ts'
import { ttl, word } from './value-leaf.ts'

const fail = (message: string): { readonly ok: false; readonly message: string } => ({ ok: false, message })

export const recordTypes = ['A', 'AAAA', 'CNAME', 'NS', 'PTR', 'MX', 'TXT', 'SRV', 'CAA'] as const

const recordData = () =>
  leaf({ anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }] }, (raw): Parsed<readonly string[]> => {
    const list: readonly unknown[] = Array.isArray(raw) ? raw : [raw]
    const texts = list.filter((each) => typeof each === 'string' && each !== '') as readonly string[]
    return texts.length === list.length && texts.length > 0 ? { ok: true, value: texts } : fail(`must be text, or a list of texts, not ${shown(raw)}`)
  })

const Records = z
  .record(
    z.string(),
    z.strictObject({
      ttl: ttl().prefault(60).describe('Seconds that resolvers may keep these records.'),
      ...(Object.fromEntries(
        recordTypes.map((type) => [type, recordData().optional().describe(`The data of the ${type} records, as in a zone file; names in full.`)]),
      ) as Record<(typeof recordTypes)[number], z.ZodOptional<ReturnType<typeof recordData>>>),
    }),
  )
  .describe('Other records that the zone serves, by name in full: { msk.example.test: { A: 127.0.0.2 } }.')

/** A domain name of one label or more (RFC 8945 section 4.2 makes the key's name a domain name). */
const keyName = () =>
  leaf({ type: 'string' }, (raw): Parsed<string> => {
    const name = typeof raw === 'string' ? raw.toLowerCase().replace(/\.$/, '') : ''
    const isName = name.length <= 253 && /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/.test(name)
    return isName ? { ok: true, value: name } : fail(`must be the key's name as the server knows it, not ${shown(raw)}`)
  })

const weak = 'is no longer safe and not supported; make a new key with hmac-sha256'

const Embedded = z.strictObject({
  type: z.literal('embedded').describe('An authoritative server inside this process: for trying out, tests, and a delegated subzone.'),
  listen: endpoint(undefined).describe('Address and port to answer on, UDP and TCP.'),
  zone: domainName().describe('The zone it serves.'),
  records: Records.optional(),
})

const Rfc2136 = z.strictObject({
  type: z.literal('rfc2136').describe('Dynamic updates (RFC 2136) to BIND, Knot, PowerDNS and others.'),
  server: endpoint(53).describe('Address, and port if not 53, of the primary server.'),
  zone: domainName().describe('The zone to update.'),
  tsig: z
    .strictObject({
      name: keyName().describe("The key's name, as in the server's configuration."),
      algorithm: word(['hmac-sha256', 'hmac-sha384', 'hmac-sha512'], {
        'hmac-md5': weak,
        'hmac-md5.sig-alg.reg.int': weak,
        'hmac-sha1': weak,
      })
        .prefault('hmac-sha256')
        .describe("The key's algorithm."),
      secret: secretText().optional().describe('The key in base64; better ${VARIABLE} than in the file itself.'),
      secretFile: text(4096).optional().describe('A file that holds the key in base64, relative to this file.'),
    })
    .optional()
    .describe('The key that signs updates (TSIG, RFC 8945). Without it the server must trust this address.'),
})

const Cloudflare = z.strictObject({
  type: z.literal('cloudflare').describe('Zones at Cloudflare.'),
  apiToken: secretText().optional().describe('An API token with Zone:Read and DNS:Edit for the zone; better ${VARIABLE} than in the file itself.'),
  apiTokenFile: text(4096).optional().describe('A file that holds the API token, relative to this file.'),
  zoneId: text(64).optional().describe("The zone's id; found by name if left out."),
  baseUrl: text(1000).optional().describe("Another address of Cloudflare's API, for tests and proxies."),
})

export const ProviderInput = z.discriminatedUnion('type', [Embedded, Rfc2136, Cloudflare]).describe('Where the records of main domains are kept.')
export type ProviderInput = z.output<typeof ProviderInput>
