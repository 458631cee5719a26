import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { ApiFailure } from './failure.ts'
import { createFaults, type Fault, type PlannedFault } from './fault.ts'
import { applyBatch, type Batch, type FakeRecord, type RecordFields, type Rules } from './records.ts'
import { checkQuery, type Route, routeOf } from './routes.ts'
import { problemsOf } from './schema.ts'

export interface FakeZone {
  readonly id: string
  readonly name: string
}

/** A request as it came. */
export interface Exchange {
  readonly method: string
  /** With the query, without the base. */
  readonly path: string
  readonly body: unknown
  /** 0: not answered. */
  readonly status: number
}

export interface CloudflareApiOptions {
  readonly zones: readonly string[]
  /** The zones that the token may use; default: all. */
  readonly allowed?: readonly string[]
  /** Records in a page at most, whatever is asked for. */
  readonly maxPerPage?: number
  readonly commentLimit?: number
  /** Requests until 429; default 1,200. */
  readonly requestLimit?: number
}

/** Cloudflare's API as its published schema has it: what does not fit is refused. */
export interface CloudflareApi {
  readonly baseUrl: string
  readonly token: string
  readonly zones: readonly FakeZone[]
  /** Since the start, or `forget`. */
  transcript(): readonly Exchange[]
  forget(): void
  /** Of all requests' headers, the names, in lower case. */
  headerNames(): readonly string[]
  plan(fault: PlannedFault): void
  clearFaults(): void
  revoke(): void
  records(zone: string): readonly FakeRecord[]
  /** What the zone held after each change since the start, or `forget`. */
  history(zone: string): readonly (readonly FakeRecord[])[]
  /** Somebody else's edit: checked like a batch. */
  edit(zone: string, batch: Batch): void
  /** Puts records there that the API would not take, or this fake does not know. */
  plant(zone: string, records: readonly (RecordFields & { readonly name: string; readonly type: string; readonly content: string })[]): void
  remove(zone: string, isGone: (record: FakeRecord) => boolean): void
  /** What the fake itself answered that the schema does not have. */
  offences(): readonly string[]
  close(): Promise<void>
}

const base = '/client/v4'
const token = 'fake-token-Zr8qW2_v5Lk0-tXcB1nM7pYd'

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiFailure(400, 9207, 'Request body is invalid.')
  }
}

const checkToken = (header: string | undefined, isRevoked: boolean): void => {
  if (header === undefined) throw new ApiFailure(400, 9106, 'Missing X-Auth-Key, X-Auth-Email or Authorization headers')
  if (!header.startsWith('Bearer ')) throw new ApiFailure(400, 6003, 'Invalid request headers', [{ code: 6111, message: 'Invalid format for Authorization header' }])
  if (isRevoked || header !== `Bearer ${token}`) throw new ApiFailure(401, 1000, 'Invalid API Token')
}

const paged = (all: readonly object[], query: URLSearchParams, defaults: { readonly perPage: number; readonly max: number }): object => {
  const page = Number(query.get('page') ?? 1)
  const perPage = Math.min(Number(query.get('per_page') ?? defaults.perPage), defaults.max)
  const result = all.slice((page - 1) * perPage, page * perPage)
  const total_pages = Math.ceil(all.length / perPage)
  return { result, result_info: { page, per_page: perPage, count: result.length, total_count: all.length, total_pages } }
}

export const startCloudflareApi = async (options: CloudflareApiOptions): Promise<CloudflareApi> => {
  const { zones: names, maxPerPage = 5_000, commentLimit = 100, requestLimit = 1_200 } = options
  let ids = 0
  const nextId = (): string => `c0ffee${(++ids).toString(16).padStart(26, '0')}`
  const zones = names.map((name): FakeZone => ({ id: nextId(), name }))
  const store = new Map<string, readonly FakeRecord[]>(zones.map(({ name }) => [name, []]))
  const faults = createFaults()
  const offences: string[] = []
  let transcript: readonly Exchange[] = []
  const headerNames = new Set<string>()
  let isRevoked = false
  let requests = 0
  const startedAt = Date.now()
  let ticks = 0
  const now = (): string => new Date(startedAt + ++ticks).toISOString()
  const rulesOf = (zone: string): Rules => ({ zone, commentLimit, minTtl: 60, batchLimit: 200, nextId, now })
  let history: readonly { readonly zone: string; readonly records: readonly FakeRecord[] }[] = []
  const keep = (zone: string, records: readonly FakeRecord[]): void => {
    store.set(zone, records)
    history = [...history, { zone, records }]
  }
  const recordsOf = (zone: string): readonly FakeRecord[] => store.get(zone) ?? []
  const isAllowed = ({ name }: FakeZone): boolean => options.allowed?.includes(name) !== false
  const since = new Date(startedAt).toISOString()
  const zoneText = ({ id, name }: FakeZone): object => ({
    id,
    name,
    account: { id: 'a'.repeat(32), name: 'Example' },
    owner: { id: 'a'.repeat(32), name: 'Example', type: 'organization' },
    name_servers: ['ada.ns.cloudflare.com', 'bob.ns.cloudflare.com'],
    original_name_servers: null,
    original_registrar: null,
    original_dnshost: null,
    development_mode: 0,
    meta: { dns_only: false },
    created_on: since,
    modified_on: since,
    activated_on: since,
  })

  const allowedZone = (route: Route): FakeZone => {
    const zone = zones.find(({ id }) => id === route.parameters['zone_id'])
    if (zone === undefined) throw new ApiFailure(404, 7003, `Could not route to ${route.path}, perhaps your object identifier is invalid?`)
    if (!isAllowed(zone)) throw route.kind === 'zone' ? new ApiFailure(403, 9109, 'Unauthorized to access requested resource') : new ApiFailure(403, 10_000, 'Authentication error')
    return zone
  }

  const listed = (zone: FakeZone, query: URLSearchParams): object => {
    const [name, type] = [query.get('name') ?? query.get('name.exact'), query.get('type')]
    for (const field of query.keys()) {
      if (!['name', 'name.exact', 'type', 'page', 'per_page'].includes(field)) throw new ApiFailure(400, 9207, `this fake does not know ${field}`)
    }
    const all = recordsOf(zone.name).filter((record) => (name === null || record.name === name.toLowerCase()) && (type === null || record.type === type))
    return paged(all, query, { perPage: 100, max: maxPerPage })
  }

  const done = (route: Route, query: URLSearchParams, body: unknown): object => {
    switch (route.kind) {
      case 'zones': {
        const name = query.get('name')
        return paged(zones.filter((zone) => isAllowed(zone) && (name === null || zone.name === name)).map(zoneText), query, { perPage: 20, max: 50 })
      }
      case 'zone':
        return { result: zoneText(allowedZone(route)) }
      case 'list':
        return listed(allowedZone(route), query)
      case 'batch': {
        const zone = allowedZone(route)
        const { records, result } = applyBatch(recordsOf(zone.name), body as Batch, rulesOf(zone.name))
        keep(zone.name, records)
        return { result }
      }
      case 'other':
        if (route.path === '/user/tokens/verify') return { result: { id: 'b'.repeat(32), status: 'active' } }
        throw new ApiFailure(405, 7001, `this fake does not do ${route.path}: one batch is enough`)
    }
  }

  const checkBody = ({ operation, kind }: Route, body: unknown): void => {
    const schema = operation.requestBody?.content['application/json'].schema
    if (schema === undefined) {
      if (body !== undefined) throw new ApiFailure(400, 9207, 'Request body is invalid.')
      return
    }
    // A patch may be a part of a record, which the schema does not say: each is checked together with what it patches.
    const { patches, posts, ...rest } = (body ?? {}) as Batch
    const unknown = (patches ?? []).flatMap((patch) => Object.keys(patch).filter((key) => !['id', 'name', 'type', 'content', 'ttl', 'proxied', 'comment', 'tags', 'settings', 'private_routing'].includes(key)))
    const problems = kind === 'batch' ? [...problemsOf(schema, { ...rest }), ...unknown.map((key) => `patches: ${key} is not a field`)] : problemsOf(schema, body)
    if (problems.length > 0) throw new ApiFailure(400, 9207, problems.join('; '))
    const wrong = (posts ?? []).flatMap((post, at) => problemsOf({ $ref: '#/components/schemas/dns-records_dns-record-batch-post' }, post, `posts[${at}]`)).filter((text) => !/\.(?:content|ttl) (?!is missing)/.test(text))
    if (wrong.length > 0) throw new ApiFailure(400, 1004, 'DNS Validation Error', [{ code: 9000, message: wrong.join('; ') }])
  }

  const send = (response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void => {
    const isText = typeof body === 'string'
    response.writeHead(status, { 'content-type': isText ? 'text/html; charset=UTF-8' : 'application/json', ...headers })
    response.end(isText ? body : JSON.stringify(body))
  }

  const stall = (response: ServerResponse, body: unknown): void => {
    const text = JSON.stringify(body)
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(text.length) })
    response.write(text.slice(0, Math.floor(text.length / 2)))
  }

  const reply = (route: Route, url: URL, body: unknown): object => {
    checkQuery(route, url.searchParams)
    checkBody(route, body)
    const answer = { success: true, errors: [], messages: [], ...done(route, url.searchParams, body) }
    const { total_pages: _, ...info } = ('result_info' in answer ? answer.result_info : {}) as Record<string, unknown>
    const schema = route.operation.responses['200'].content['application/json'].schema
    const known = JSON.parse(JSON.stringify(answer), (key, value: unknown) => (key === 'comment' && value === null ? '' : value)) as object
    offences.push(...problemsOf(schema, 'result_info' in answer ? { ...known, result_info: info } : known))
    return answer
  }

  /** Returns the status that was sent, 0 for none. */
  const handle = (request: IncomingMessage, response: ServerResponse, url: URL, body: unknown): number => {
    const ended = (status: number, content: unknown, headers?: Readonly<Record<string, string>>): number => {
      send(response, status, content, headers)
      return status
    }
    const faulty = (fault: Fault, work: () => object): number => {
      switch (fault.kind) {
        case 'answer':
          if (fault.isApplied === true) work()
          return ended(fault.status, fault.body, fault.headers)
        case 'reset':
          if (fault.isApplied === true) work()
          ;(request.socket as Socket).resetAndDestroy()
          return 0
        case 'stalled':
          stall(response, work())
          return 0
        case 'altered':
          return ended(200, fault.alter(work() as Parameters<typeof fault.alter>[0]))
        case 'meanwhile':
          fault.act()
          return ended(200, work())
      }
    }
    try {
      requests += 1
      if (requests > requestLimit) return ended(429, new ApiFailure(429, 971, 'Please wait and consider throttling your request speed').body, { 'retry-after': '300' })
      checkToken(request.headers.authorization, isRevoked)
      if (!url.pathname.startsWith(`${base}/`)) throw new ApiFailure(404, 7000, 'No route for that URI')
      const route = routeOf(request.method ?? '', url.pathname.slice(base.length))
      const fault = faults.next(route.kind)
      if (fault !== undefined) return faulty(fault, () => reply(route, url, body))
      return ended(200, reply(route, url, body))
    } catch (error) {
      const failure = error instanceof ApiFailure ? error : new ApiFailure(500, 1000, String(error))
      return ended(failure.status, failure.body)
    }
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://fake')
    const path = `${url.pathname.slice(base.length)}${url.search}`
    for (const name of Object.keys(request.headers)) headerNames.add(name)
    const answer = (body: unknown): void => {
      const at = transcript.length
      transcript = [...transcript, { method: request.method ?? '', path, body, status: 0 }]
      const status = handle(request, response, url, body)
      transcript = transcript.map((each, index) => (index === at ? { ...each, status } : each))
    }
    bodyOf(request).then(answer, () => send(response, 400, new ApiFailure(400, 9207, 'Request body is invalid.').body)).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`,
    token,
    zones,
    transcript: () => transcript,
    forget: () => {
      transcript = []
      history = []
    },
    headerNames: () => [...headerNames],
    plan: faults.plan,
    clearFaults: faults.clear,
    revoke: () => {
      isRevoked = true
    },
    records: recordsOf,
    history: (zone) => history.flatMap((each) => (each.zone === zone ? [each.records] : [])),
    edit: (zone, batch) => keep(zone, applyBatch(recordsOf(zone), batch, rulesOf(zone)).records),
    plant: (zone, records) => {
      const made = records.map((fields): FakeRecord => {
        const at = now()
        return { id: nextId(), ttl: 1, proxied: false, proxiable: /^(?:A|AAAA|CNAME)$/.test(fields.type), comment: null, tags: [], settings: {}, meta: {}, created_on: at, modified_on: at, ...fields }
      })
      keep(zone, [...recordsOf(zone), ...made])
    },
    remove: (zone, isGone) => keep(zone, recordsOf(zone).filter((record) => !isGone(record))),
    offences: () => offences,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
