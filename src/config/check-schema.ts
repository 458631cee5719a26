import { z } from 'zod'
import { integer, text } from './leaf.ts'
import { duration, pattern, size, statusRange, word } from './value-leaf.ts'

const second = 1000
const minute = 60 * second

const part = () => duration(10, minute).optional()

const Timeout = z
  .union([
    duration(10, minute),
    z.strictObject({
      connect: part().describe('For the TCP connection.'),
      tls: part().describe('For the TLS handshake.'),
      headers: part().describe("For the answer's headers, once the request is sent."),
      body: part().describe('For the body, once the headers are there.'),
      total: duration(10, minute).prefault('2s').describe('For all of it.'),
    }),
  ])
  .prefault('2s')
  .describe('How long a check may take: in total, or for each part; a part that is left out may take the total.')

const Body = z.union([
  text(4096),
  z.strictObject({
    contains: text(4096).optional().describe('Text that the body must contain.'),
    matches: pattern().optional().describe('Regular expression (RE2 syntax) that must match somewhere in the body.'),
  }),
])

const Expect = z
  .strictObject({
    status: z.union([statusRange(), z.array(statusRange()).min(1)]).prefault('2xx').describe('Status codes that count as healthy: 200, "200-204", "2xx", or a list of these.'),
    body: Body.optional().describe('What the body must contain: text, or { contains: ... } or { matches: ... }.'),
    bodyLimit: size().prefault('64KiB').describe('How far into the decoded body to look.'),
  })
  .prefault({})
  .describe('What the answer must be.')

const Tls = z
  .strictObject({
    caFile: text(4096).optional().describe("PEM file with certificate authorities to trust besides the usual ones, relative to this file."),
    minCertDays: integer(1, 3650).optional().describe('Fewer days than this left on the certificate count as a failure; left out: only reported.'),
  })
  .prefault({})
  .describe('For https URLs.')

export const CheckInput = z
  .strictObject({
    url: text(2000).describe('Asked of each address. {site} stands for the main domain, {service} for the region\'s service subdomain; it decides Host and SNI.'),
    every: duration(100, 1440 * minute).optional().meta({ default: '5s', description: 'Time between two checks of an address.' }),
    schedule: text(200).optional().describe('Cron expression with seconds, instead of "every": "*/5 * * * * *".'),
    method: word(['GET', 'HEAD', 'POST', 'OPTIONS']).prefault('GET').describe('HTTP method.'),
    headers: z.record(z.string(), text(4096)).prefault({}).describe('Headers to send besides Host.'),
    expect: Expect,
    timeout: Timeout,
    tls: Tls,
    redirects: integer(0, 10).prefault(0).describe('How many redirects to follow, to the same address; 0: a redirect is judged by its status.'),
    fall: integer(1, 100).prefault(3).describe('Failures after which an address is down.'),
    rise: integer(1, 100).prefault(2).describe('Successes in a row after which it is up again.'),
    confirmSpan: duration(0, 10 * minute)
      .optional()
      .meta({ default: '1s', description: 'The least time that the failures or successes must span; dns-reconcile uses 2s unless this is set.' }),
    tripwire: word(['auto', 'always', 'off'])
      .prefault('auto')
      .describe('Keep a connection open and idle between two checks; when it breaks, the address is checked at once. auto: as long as the server lets it; always: checks come ahead of the server closing it.'),
    connection: word(['fresh', 'kept'])
      .prefault('fresh')
      .describe('fresh: each check opens a connection, as a visitor does. kept: most go over that of the check before, which costs both sides less; a fresh one every 10 seconds, and whenever not all is well.'),
  })
  .describe('The health check.')
export type CheckInput = z.output<typeof CheckInput>

