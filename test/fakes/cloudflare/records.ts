import { isIPv4, isIPv6 } from 'node:net'
import { ApiFailure, invalid } from './failure.ts'
import { problemsOf } from './schema.ts'

/** A record as the fake keeps it, field by field as the API shows it. */
export interface FakeRecord {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly content: string
  readonly ttl: number
  readonly proxied: boolean
  readonly proxiable: boolean
  readonly comment: string | null
  readonly tags: readonly string[]
  readonly settings: Readonly<Record<string, unknown>>
  readonly meta: Readonly<Record<string, unknown>>
  readonly created_on: string
  readonly modified_on: string
}

export type RecordFields = Partial<Omit<FakeRecord, 'id' | 'proxiable' | 'meta' | 'created_on' | 'modified_on'>>

export interface Batch {
  readonly deletes?: readonly { readonly id: string }[]
  readonly patches?: readonly ({ readonly id: string } & RecordFields)[]
  readonly puts?: readonly ({ readonly id: string } & RecordFields)[]
  readonly posts?: readonly RecordFields[]
}

export interface Rules {
  readonly zone: string
  /** Characters. */
  readonly commentLimit: number
  /** Seconds. */
  readonly minTtl: number
  readonly batchLimit: number
  nextId(): string
  now(): string
}

const isAddressType = (type: string): boolean => type === 'A' || type === 'AAAA'
const recordSchema = { $ref: '#/components/schemas/dns-records_dns-record-post' }

const canonical = (type: string, content: string): string => (type === 'AAAA' && isIPv6(content) ? new URL(`http://[${content}]/`).hostname.slice(1, -1) : content)

/** Cloudflare takes a name outside of the zone for one below it. */
const absolute = (name: string, zone: string): string => {
  const lower = name.toLowerCase().replace(/\.$/, '')
  return lower === '@' ? zone : lower === zone || lower.endsWith(`.${zone}`) ? lower : `${lower}.${zone}`
}

const checkFields = (record: FakeRecord, rules: Rules): void => {
  const { type, content, ttl, comment } = record
  if (type === 'A' && !isIPv4(content)) throw invalid(9005, 'Content for A record must be a valid IPv4 address.')
  if (type === 'AAAA' && !isIPv6(content)) throw invalid(9006, 'Content for AAAA record must be a valid IPv6 address.')
  if (ttl !== 1 && !(ttl >= rules.minTtl && ttl <= 86_400)) throw invalid(9021, `Invalid TTL. Must be between ${rules.minTtl} and 86400 seconds, or 1 for Automatic.`)
  // The number is not documented.
  if ((comment ?? '').length > rules.commentLimit) throw invalid(9313, `DNS record comments can have at most ${rules.commentLimit} characters.`)
}

const checkNeighbours = (record: FakeRecord, others: readonly FakeRecord[], zone: string): void => {
  const there = others.filter((other) => other.name === record.name)
  if (there.some((other) => other.type === record.type && other.content === record.content)) throw new ApiFailure(400, 81_058, 'An identical record already exists.')
  if (isAddressType(record.type) && there.some((other) => other.type === 'CNAME')) throw new ApiFailure(400, 81_054, 'A CNAME record with that host already exists.')
  if (record.type === 'CNAME' && there.some((other) => isAddressType(other.type) || other.type === 'CNAME')) {
    throw new ApiFailure(400, 81_053, 'An A, AAAA, or CNAME record with that host already exists.')
  }
  if (record.name !== zone && record.type !== 'NS' && there.some((other) => other.type === 'NS')) throw new ApiFailure(400, 81_056, 'An NS record with that host already exists.')
}

/** One proxied record makes every one of its name and type proxied, with the TTL of all that is proxied. */
const withProxying = (records: readonly FakeRecord[]): readonly FakeRecord[] => {
  const proxied = new Set(records.filter((record) => record.proxied).map((record) => `${record.name} ${record.type}`))
  return records.map((record) => (proxied.has(`${record.name} ${record.type}`) ? { ...record, proxied: true, ttl: 1 } : record))
}

const replaced = (records: readonly FakeRecord[], record: FakeRecord, rules: Rules): readonly FakeRecord[] => {
  const { id, name, type, content, ttl, proxied, comment, tags, settings } = record
  const problems = problemsOf(recordSchema, { name, type, content, ttl, proxied, comment: comment ?? '', tags, settings })
  checkFields(record, rules)
  if (problems.length > 0) throw invalid(9000, problems.join('; '))
  const others = records.filter((other) => other.id !== id)
  checkNeighbours(record, others, rules.zone)
  return records.some((other) => other.id === id) ? records.map((other) => (other.id === id ? record : other)) : [...records, record]
}

const known = (records: readonly FakeRecord[], id: string): FakeRecord => {
  const record = records.find((each) => each.id === id)
  if (record === undefined) throw new ApiFailure(404, 81_044, 'Record does not exist.')
  return record
}

const made = (id: string, fields: RecordFields, since: string, rules: Rules): FakeRecord => {
  const type = fields.type ?? ''
  return {
    id,
    name: absolute(fields.name ?? '', rules.zone),
    type,
    content: canonical(type, fields.content ?? ''),
    ttl: fields.ttl ?? 1,
    proxied: fields.proxied ?? false,
    proxiable: isAddressType(type) || type === 'CNAME',
    comment: fields.comment === '' ? null : (fields.comment ?? null),
    tags: fields.tags ?? [],
    settings: fields.settings ?? {},
    meta: {},
    created_on: since,
    modified_on: rules.now(),
  }
}

/**
 * Deletes, patches, puts, posts, in this order, all or nothing. A patch keeps what it does not name; a put does not.
 * @throws ApiFailure
 */
export const applyBatch = (before: readonly FakeRecord[], batch: Batch, rules: Rules): { readonly records: readonly FakeRecord[]; readonly result: Readonly<Record<string, readonly FakeRecord[]>> } => {
  const { deletes = [], patches = [], puts = [], posts = [] } = batch
  const size = deletes.length + patches.length + puts.length + posts.length
  // The number is not documented.
  if (size === 0 || size > rules.batchLimit) throw new ApiFailure(400, 9207, `a batch holds 1 to ${rules.batchLimit} operations, not ${size}`)
  let records = before
  const gone = deletes.map(({ id }) => {
    const record = known(records, id)
    records = records.filter((each) => each.id !== id)
    return record
  })
  for (const { id, ...fields } of patches) {
    const old = known(records, id)
    records = replaced(records, made(id, { ...old, ...fields }, old.created_on, rules), rules)
  }
  for (const { id, ...fields } of puts) records = replaced(records, made(id, fields, known(records, id).created_on, rules), rules)
  const added = posts.map((fields) => {
    const record = made(rules.nextId(), fields, rules.now(), rules)
    records = replaced(records, record, rules)
    return record.id
  })
  records = withProxying(records)
  const now = (ids: readonly string[]): readonly FakeRecord[] => ids.map((id) => known(records, id))
  return {
    records,
    result: { deletes: gone, patches: now(patches.map(({ id }) => id)), puts: now(puts.map(({ id }) => id)), posts: now(added) },
  }
}
