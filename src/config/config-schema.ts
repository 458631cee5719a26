import { z } from 'zod'
import { AlertInput, DeadManInput } from './alert-schema.ts'
import { ApiInput } from './api-schema.ts'
import type { Parsed } from './duration.ts'
import { HistoryInput } from './history-schema.ts'
import { leaf, shown, text } from './leaf.ts'
import { endpoint } from './network-leaf.ts'
import { ProviderInput } from './provider-schema.ts'
import { SiteInput } from './site-schema.ts'
import { WebhookInput } from './webhook-schema.ts'

const version = leaf({ const: 1 }, (raw): Parsed<1> =>
  raw === 1 || raw === '1' ? { ok: true, value: 1 } : { ok: false, message: `version ${shown(raw)} is not known to this program; it knows version 1` },
)

/** The config file's shape. What its parts must be to each other is checked after it. */
export const ConfigInput = z
  .strictObject({
    version: version.describe("The version of this file's format."),
    providers: z.record(z.string(), ProviderInput).describe('Where the records are kept, by a name of your own.'),
    sites: z.record(z.string(), SiteInput).describe('The sites, by main domain.'),
    resolvers: z.array(endpoint(53)).min(1).optional().describe("Recursive servers for service subdomains outside our zones; default: the system's."),
    nameservers: z
      .array(endpoint(53))
      .min(1)
      .optional()
      .describe("Authoritative servers to read service subdomains from and to verify at, with a port where it is not 53; default: the zone's NS."),
    api: ApiInput,
    webhooks: z.record(z.string(), WebhookInput).prefault({}).describe('Outside monitors whose word on regions is heard, by a name of your own that stands in their URL.'),
    history: HistoryInput,
    alerts: z.record(z.string(), AlertInput).prefault({}).describe('Who is told what happens, by a name of your own.'),
    deadMan: DeadManInput.optional(),
    state: text(4096).prefault('./state').describe('Directory for the lock, health, drains and history, relative to this file.'),
  })
  .describe('Configuration of dns-failover.')
export type ConfigInput = z.output<typeof ConfigInput>
