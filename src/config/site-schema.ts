import { z } from 'zod'
import { CheckInput } from './check-schema.ts'
import { flag, integer, text } from './leaf.ts'
import { domainName, ipAddress } from './network-leaf.ts'
import { ReplicationInput } from './replication-schema.ts'
import { duration, ttl, word } from './value-leaf.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

export const RegionInput = z
  .strictObject({
    service: domainName().optional().describe("The region's service subdomain: a name of its own that points only at that region's server."),
    addresses: z.array(ipAddress()).min(1).optional().describe('Fixed addresses, instead of a service subdomain.'),
    role: word(['active', 'standby']).prefault('active').describe('A standby region is published only while too few active ones are up.'),
    replacements: z
      .array(z.union([ipAddress(), z.array(ipAddress()).min(1)]))
      .min(1)
      .optional()
      .describe('Servers that may take the service subdomain over, in the order of preference: each an address, or a list of those of one server.'),
    promoteAfter: duration(second, 7 * day).optional().describe('After so long down a replacement that passes is promoted by itself; left out: never.'),
  })
  .describe('One place that serves the site.')
export type RegionInput = z.output<typeof RegionInput>

const Window = z
  .strictObject({
    region: text(63).describe('The region.'),
    cron: text(200).describe('When it begins: five fields, or six with seconds, such as "0 3 * * 0" for Sundays at three.'),
    timeZone: text(100).prefault('UTC').describe('The time zone of that, such as Europe/Amsterdam.'),
    for: duration(minute, 7 * day).describe('How long it lasts.'),
    reason: text(200).prefault('planned window').describe('Why, for people.'),
  })
  .describe('A planned drain.')
export type WindowInput = z.output<typeof Window>

const Damping = z
  .strictObject({
    base: duration(0, day).prefault('30s').describe('The wait before re-admission after the second fall; it doubles with each further one.'),
    max: duration(0, day).prefault('15m').describe('The longest wait.'),
    halfLife: duration(second, 30 * day).prefault('10m').describe('The time in which the memory of past falls halves.'),
  })
  .prefault({})
  .describe('How an address that goes up and down is kept waiting.')

export const SiteInput = z
  .strictObject({
    provider: text(100).optional().describe('Which of "providers" holds the names; may be left out if there is only one.'),
    names: z.array(domainName()).min(1).optional().describe("The main domains, all with the same addresses; default: the site's own key."),
    ttl: ttl().prefault(60).describe('Seconds that resolvers may keep the records: how long a client may go on using a withdrawn address.'),
    regions: z.record(z.string(), RegionInput).describe('The regions that serve the site, by name.'),
    check: CheckInput,
    minPublished: integer(1, 100).prefault(1).describe('Per family: while fewer than this are up, also publish waiting, standby, then drained regions that pass.'),
    failOpenBelow: integer(0, 100).prefault(1).describe('While fewer than this are up, fail open; 0: never.'),
    failOpen: word(['all', 'keep', 'none'])
      .prefault('all')
      .describe('What failing open publishes: all configured addresses, what is published now (keep), or nothing (none: fail closed).'),
    foreign: word(['keep', 'remove']).prefault('keep').describe('What becomes of addresses at the main domain that nobody configured.'),
    allowPrivate: flag().prefault(false).describe('Allow private and loopback addresses to be published.'),
    damping: Damping,
    removalWindow: duration(0, day).prefault('5m').describe("At most half of the site's addresses, rounded up, are withdrawn within this time."),
    reference: z.array(text(2000)).prefault([]).describe('URLs asked when checks fail, to learn whether we ourselves are cut off.'),
    windows: z.array(Window).prefault([]).describe('Planned drains of regions, which begin and end by themselves.'),
    replication: ReplicationInput.optional(),
    statusPage: z
      .union([flag(), z.strictObject({ title: text(100).describe('What the page is headed.') })])
      .prefault(false)
      .describe('A public status page at /status/ and the name of the site, for all who reach it and without a token: true, or { title: "..." }.'),
    quorum: integer(1, 100)
      .optional()
      .describe('How many must have an opinion to withdraw a region, this program and webhooks of mode vote; default: more than half of those that are there.'),
  })
  .describe('One main domain and the regions that serve it.')
export type SiteInput = z.output<typeof SiteInput>
