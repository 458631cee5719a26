import { distance } from 'fastest-levenshtein'

/** What people call things elsewhere, spelled as `plain` does. */
const otherWords: Readonly<Record<string, string>> = {
  interval: 'every',
  period: 'every',
  retries: 'fall',
  failures: 'fall',
  threshold: 'fall',
  successes: 'rise',
  domain: 'names',
  domains: 'names',
  hostnames: 'names',
  ip: 'addresses',
  ips: 'addresses',
  address: 'addresses',
  subdomain: 'service',
  host: 'service',
  hostname: 'service',
  token: 'apiToken',
  apikey: 'apiToken',
  tokenfile: 'apiTokenFile',
  key: 'secret',
  keyfile: 'secretFile',
  keyname: 'name',
  algo: 'algorithm',
  healthcheck: 'check',
  health: 'check',
  servers: 'regions',
  backends: 'regions',
  cron: 'schedule',
  followredirects: 'redirects',
  maxredirects: 'redirects',
  bodylimit: 'bodyLimit',
  ca: 'caFile',
  bind: 'listen',
  dns: 'resolvers',
  statedir: 'state',
  tz: 'timeZone',
  duration: 'for',
  match: 'when',
  notifications: 'alerts',
  notify: 'alerts',
  heartbeat: 'deadMan',
  deadmansswitch: 'deadMan',
  hooks: 'webhooks',
  endpoint: 'url',
  webhook: 'url',
  webhookurl: 'url',
  routingkey: 'secret',
  kinds: 'on',
  kuma: 'uptime-kuma',
  prometheus: 'alertmanager',
  msteams: 'teams',
  yes: 'true',
  on: 'true',
  no: 'false',
  off: 'false',
}

const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_ ]/g, '')

/** The candidate that was most likely meant, or undefined if none is near. */
export const suggest = (word: string, candidates: readonly string[]): string | undefined => {
  const wanted = plain(word.slice(0, 80))
  if (wanted === '') return undefined
  const slips = wanted.length > 5 ? 1 : 0
  const other = Object.keys(otherWords).find((each) => each === wanted || distance(each, wanted) <= slips)
  const meant = other === undefined ? undefined : otherWords[other]
  const ranked = candidates
    .map((candidate) => ({ candidate, far: distance(wanted, plain(candidate)) }))
    .toSorted((a, b) => a.far - b.far)
  const [best] = ranked
  if (best !== undefined && best.far === 0) return best.candidate
  if (meant !== undefined && candidates.includes(meant)) return meant
  const limit = Math.max(1, Math.floor(wanted.length / 3))
  return best !== undefined && best.far <= limit ? best.candidate : undefined
}

/** The end of a message: `; did you mean "x"?`, or else what there is to choose from. */
export const didYouMean = (word: string, candidates: readonly string[], choices = 'known here'): string => {
  const best = suggest(word, candidates)
  if (best !== undefined) return `; did you mean "${best}"?`
  return candidates.length === 0 ? '' : `; ${choices}: ${candidates.join(', ')}`
}
