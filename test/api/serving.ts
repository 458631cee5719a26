import { onTestFinished } from 'vitest'
import type { ApiOptions, ApiParts, Delivery, Received } from '../../src/api/api-parts.ts'
import { startApi } from '../../src/api/start-api.ts'
import { fakeHistory, fakeOperations, type FakeHistory, type FakeOperations } from './operations.ts'
import { unbuiltPages } from './pages.ts'

export const tokens = {
  read: 'read-0123456789abcdef',
  operate: 'operate-0123456789abcdef',
  webhook: 'webhook-0123456789abcdef',
  /** The webhook source's own. */
  source: 'source-0123456789abcdef',
} as const

export const allTokens: ApiOptions['tokens'] = [
  { name: 'prom', token: tokens.read, scopes: ['read'] },
  { name: 'ops', token: tokens.operate, scopes: ['operate'] },
  { name: 'monitor', token: tokens.webhook, scopes: ['webhook:kuma'] },
]

export const baseOptions: ApiOptions = { listen: { address: '127.0.0.1', port: 0 }, tokens: allTokens, isOpen: false, requestsPerSecond: 10_000, trustedProxies: [] }

export interface Line {
  readonly level: string
  readonly message: string
}

/** A source named kuma: takes `{"down": [...regions]}`, with its own token or a proven bearer. */
const receive = (source: string, { headers, body, isBearerProven }: Delivery): Received | undefined => {
  if (source !== 'kuma') return undefined
  if (!isBearerProven && headers['authorization'] !== `Bearer ${tokens.source}`) return { kind: 'refused', status: 401, code: 'not-authenticated', text: 'it needs its token' }
  try {
    const { down } = JSON.parse(Buffer.from(body).toString('utf8')) as { down: readonly string[] }
    const words = down.map((region) => ({ site: 'a.example', region, monitor: 'm', opinion: 'down' as const, detail: 'timeout', eventAt: 0 }))
    return words.length === 0 ? { kind: 'accepted', words, note: 'nothing to say' } : { kind: 'accepted', words }
  } catch {
    return { kind: 'refused', status: 400, code: 'malformed-body', text: 'it is no JSON' }
  }
}

export interface Serving {
  readonly url: string
  readonly port: number
  readonly operations: FakeOperations
  readonly history: FakeHistory
  readonly lines: readonly Line[]
  readonly api: Awaited<ReturnType<typeof startApi>>
  /** Asks with a token, and JSON if there is a body. */
  ask(method: string, path: string, more?: { readonly token?: string; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }): Promise<Response>
}

/** An API over fakes at a port of its own, for one test. */
export const serving = async (more: Partial<ApiOptions> = {}, parts: Partial<ApiParts> = {}): Promise<Serving> => {
  const operations = fakeOperations()
  const history = fakeHistory()
  const lines: Line[] = []
  const api = await startApi(
    {
      operations,
      history,
      pages: unbuiltPages,
      version: '1.2.3',
      metrics: async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', body: '# HELP up\nup 1\n' }),
      receive,
      testAlert: async (name) => (name === 'nobody' ? [] : [{ name: name ?? 'slack', ok: true, text: '200' }]),
      log: (level, message) => void lines.push({ level, message }),
      now: () => performance.now(),
      wallNow: () => Date.parse('2026-01-31T12:00:00Z'),
      ...parts,
    },
    { ...baseOptions, ...more },
  )
  onTestFinished(() => api.close())
  const port = api.endpoint?.port ?? 0
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    port,
    operations,
    history,
    lines,
    api,
    ask: (method, path, { token, body, headers = {} } = {}) =>
      fetch(`${url}${path}`, {
        method,
        headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
  }
}
