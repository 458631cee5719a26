/**
 * What is asked in one second, by how much of each: `weight` of a thousand. `of`: whose address it comes from. many: one of
 * the many who ask as often as they may; greedy: one who asks far more often; hostile: many who guess and send rubbish.
 */
const kinds = [
  { kind: 'sites', weight: 60, of: 'many' },
  { kind: 'site', weight: 180, of: 'many' },
  { kind: 'explain', weight: 160, of: 'many' },
  { kind: 'events', weight: 100, of: 'many' },
  { kind: 'metrics', weight: 5, of: 'many' },
  { kind: 'health', weight: 95, of: 'many' },
  { kind: 'site', weight: 150, of: 'greedy' },
  { kind: 'bad-token', weight: 50, of: 'hostile' },
  { kind: 'bad-json', weight: 50, of: 'hostile' },
  { kind: 'bad-webhook', weight: 40, of: 'hostile' },
  { kind: 'unknown-path', weight: 40, of: 'hostile' },
  { kind: 'huge-body', weight: 20, of: 'hostile' },
  { kind: 'raw-bytes', weight: 35, of: 'hostile' },
  { kind: 'half-open', weight: 15, of: 'hostile' },
]

/** All kinds of a thousand requests, evenly mixed: those of one kind are as far apart as can be. */
export const thousand = kinds
  .flatMap(({ weight, ...each }, row) => Array.from({ length: weight }, (_, index) => ({ ...each, place: (index + (row + 1) / (kinds.length + 1)) / weight })))
  .toSorted((a, b) => a.place - b.place)

/** Deterministic numbers in [0, 1). */
export const randomFrom = (seed) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed / 2 ** 32
}

const pick = (list, random) => list[Math.floor(random() * list.length)]

/** A request as undici takes it. */
export const requestOf = (kind, { sites, token, webhookToken, random }) => {
  const site = encodeURIComponent(pick(sites, random))
  const headers = { authorization: `Bearer ${token}` }
  const get = (path, more = {}) => ({ method: 'GET', path, headers: { ...headers, ...more } })
  const post = (path, body, more = {}) => ({ method: 'POST', path, body, headers: { ...headers, 'content-type': 'application/json', ...more } })
  switch (kind) {
    case 'sites':
      return get('/api/v1/sites')
    case 'site':
      return get(`/api/v1/sites/${site}`)
    case 'explain':
      return get(`/api/v1/sites/${site}/explain`)
    case 'events':
      return get(`/api/v1/events?limit=${1 + Math.floor(random() * 50)}${random() < 0.5 ? `&site=${site}` : ''}`)
    case 'metrics':
      return get('/metrics')
    case 'health':
      return { method: 'GET', path: pick(['/healthz', '/readyz'], random), headers: {} }
    case 'bad-token':
      return get('/api/v1/sites', { authorization: `Bearer guess-${Math.floor(random() * 1e12)}` })
    case 'bad-json':
      return post(`/api/v1/sites/${site}/${pick(['regions/msk/drain', 'regions/msk/force', 'pause', 'reconcile'], random)}`, '{"region": ['.repeat(1 + Math.floor(random() * 200)))
    case 'bad-webhook':
      return post('/api/v1/webhooks/scripts', JSON.stringify({ site: 'nobody.example.test', region: 'msk', status: 'down', detail: 'x'.repeat(Math.floor(random() * 4000)) }), { authorization: `Bearer ${pick([token, 'nobody-has-this', webhookToken], random)}` })
    case 'unknown-path':
      return get(`/${'../'.repeat(3)}${Math.floor(random() * 1e9).toString(36)}?%00=${'a'.repeat(Math.floor(random() * 1000))}`)
    case 'huge-body':
      return post('/api/v1/webhooks/scripts', Buffer.alloc(random() < 0.5 ? 200_000 : 2_000_000, 0x5b), { authorization: `Bearer ${webhookToken}` })
    default:
      throw new Error(`no request is of the kind ${kind}`)
  }
}
