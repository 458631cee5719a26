import { z } from 'zod'

const time = z.string().describe('ISO 8601, UTC.')
const milliseconds = z.number().min(0)
const key = { name: z.string(), type: z.enum(['A', 'AAAA']) }
const addresses = z.array(z.string())

const Decision = z.strictObject({
  ...key,
  action: z.enum(['publish', 'withhold']),
  rule: z.string().describe('The rule that decided, by name: up, down, never-passed, blind, drained, fail-open, budget, ...'),
  text: z.string().describe('The reason, for people.'),
  wasPublished: z.boolean().describe('Whether the RRset held the address before this run.'),
})

const AddressReport = z.strictObject({
  address: z.string(),
  region: z.string().nullable().describe('The region that leads to it, or last did; null: foreign.'),
  drained: z.string().nullable().describe("The reason of an operator's order to take the region out."),
  verdict: z.enum(['up', 'down', 'undecided']),
  since: time.nullable().describe('When the verdict fell; null while there is none.'),
  cause: z.string().nullable().describe('Of the latest check, if it failed or could not tell: refused, connect-timeout, status, body, ...'),
  detail: z.string().nullable(),
  latencyMs: milliseconds.nullable().describe('Of the latest check, all of it.'),
  httpStatus: z.number().nullable(),
  certificateDays: z.number().nullable().describe('Whole days until the certificate expires.'),
  checks: z.number().int().describe('Checks made in this run.'),
  decisions: z.array(Decision).describe('What was decided on the address, for each name.'),
})

const Contents = z.strictObject({ values: addresses, ttl: z.number().describe('Seconds; 0 if there are no values.') })

const ChangeReport = z.strictObject({
  ...key,
  before: Contents,
  after: Contents,
  reasons: z.array(z.strictObject({ address: z.string().nullable(), action: z.enum(['add', 'remove', 'keep', 'ttl', 'mark']), rule: z.string(), text: z.string() })),
  guard: z.strictObject({ allowed: z.boolean(), code: z.string().nullable(), text: z.string().nullable() }),
  applied: z.boolean().nullable().describe('Whether it was written; null: nobody knows, the next run reads what is there.'),
})

const ServerStandingReport = z.strictObject({
  name: z.string(),
  address: z.string(),
  port: z.number().int(),
  standing: z.enum(['agrees', 'differs', 'lame', 'unreachable']),
  values: addresses.nullable().describe('What it answered last; null if that was no address set.'),
  serial: z.number().nullable().describe("The zone's serial there."),
  detail: z.string().nullable(),
  agreedAfterMs: milliseconds.nullable().describe('From the write to its agreement.'),
})

const VerificationReport = z.strictObject({
  ...key,
  expected: addresses,
  source: z.enum(['name-servers', 'provider']).describe('Who was asked: of a proxied name only the provider shows what was written.'),
  outcome: z.enum(['agreed', 'disagreed', 'unconfirmed']),
  timeToEffectMs: milliseconds.nullable().describe('From the write to the last agreement.'),
  movedAt: time.nullable().describe('By then a client that honours TTLs has moved.'),
  movedAfterMs: milliseconds.nullable().describe('The same, from the write.'),
  serials: z.array(z.number()).describe('More than one: a transfer between name servers is under way.'),
  servers: z.array(ServerStandingReport),
})

const ErrorReport = z.strictObject({
  code: z.string().describe('Literal: auth, rate-limited, unavailable, rejected, conflict, contended, interrupted, locked, lock-lost, usage, state, provider-start, ...'),
  message: z.string(),
  outcome: z.enum(['unchanged', 'unknown']).nullable().describe('Of a write: whether the zone is as it was.'),
  obstacle: z.string().nullable().describe('What stands at the name instead: cname, delegation, ...'),
  retryAfterMs: milliseconds.nullable(),
  holder: z
    .strictObject({ pid: z.number(), command: z.string(), since: z.string(), host: z.string() })
    .optional()
    .describe('Of code locked or lock-lost: who holds the state directory.'),
})
export type ErrorReport = z.infer<typeof ErrorReport>

/** One site's run. */
export const SiteReport = z.strictObject({
  site: z.string(),
  outcome: z.enum(['unchanged', 'planned', 'applied', 'held', 'unverified', 'failed', 'interrupted']),
  addresses: z.array(AddressReport),
  unresolved: z.array(z.strictObject({ region: z.string(), detail: z.string() })),
  modes: z.array(z.strictObject({ ...key, mode: z.enum(['normal', 'blind', 'undecided', 'fail-open', 'fail-closed', 'family-drained', 'family-down', 'no-record-yet']) })),
  holds: z.array(
    z.strictObject({
      kind: z.enum([
        'paused',
        'guard',
        'blind',
        'fail-open',
        'fail-closed',
        'no-record-yet',
        'undecided',
        'never-passed',
        'budget',
        'floor',
        'unresolved',
        'unpublishable',
        'state-not-saved',
      ]),
      address: z.string().nullable(),
      text: z.string(),
    }),
  ),
  warnings: z.array(z.strictObject({ kind: z.enum(['never-passed', 'timeout', 'obstacle']), text: z.string() })).describe('What to know although nothing is held up by it.'),
  changes: z.array(ChangeReport),
  verifications: z.array(VerificationReport),
  error: ErrorReport.optional(),
})
export type SiteReport = z.infer<typeof SiteReport>

/** What `dns-reconcile --json` prints: always one such object, whatever the exit code. Never holds a secret. */
export const ReconcileReport = z.strictObject({
  version: z.literal(1).describe('Raised when a reader of the old shape would misread the new one; keys may be added without.'),
  exitCode: z.number().int().describe('0 fine, 1 error, 2 dry run found changes, 3 held, 4 applied but not verified, 64 wrong usage.'),
  dryRun: z.boolean(),
  sites: z.array(SiteReport),
  error: ErrorReport.optional().describe('What kept the run as a whole from its work.'),
  problems: z
    .array(
      z.strictObject({
        severity: z.enum(['error', 'warning']),
        line: z.number().int(),
        column: z.number().int(),
        length: z.number().int(),
        path: z.string(),
        message: z.string(),
      }),
    )
    .optional()
    .describe('What is wrong with the config; from line 1, column 1; line 0: the file as a whole.'),
})
export type ReconcileReport = z.infer<typeof ReconcileReport>
