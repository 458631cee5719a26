/** Which page is shown. It stands in the part of the address behind `#`, which no server sees and every link carries. */
export type Route =
  | { readonly page: 'overview'; readonly filter: string }
  | { readonly page: 'site'; readonly site: string }
  | { readonly page: 'timeline'; readonly filter: TimelineFilter }
  | { readonly page: 'incident'; readonly id: number }
  | { readonly page: 'login'; readonly next: string }
  | { readonly page: 'unknown' }

export interface TimelineFilter {
  readonly site?: string | undefined
  readonly region?: string | undefined
  /** Kinds of incidents and actions; empty: all. */
  readonly kinds: readonly string[]
  /** How far back: `24h`, `30d`. */
  readonly since: string
}

export const usualSince = '30d'

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** A page of ours: whoever makes a link to the sign-in must not lead from there to elsewhere. */
const nextIn = (text: string | undefined): string => (text?.startsWith('#') === true ? text : '')

export const parseRoute = (hash: string): Route => {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(?<rest>.*)/s)
  const [first = '', second = '', ...rest] = path.split('/').map(decoded)
  const params = new URLSearchParams(query)
  const text = (name: string): string | undefined => params.get(name) || undefined
  if (rest.some((part) => part !== '')) return { page: 'unknown' }
  if (first === '') return { page: 'overview', filter: text('find') ?? '' }
  if (first === 'sites' && second !== '') return { page: 'site', site: second }
  if (first === 'incidents' && /^\d{1,15}$/.test(second)) return { page: 'incident', id: Number(second) }
  if (first === 'login' && second === '') return { page: 'login', next: nextIn(text('next')) }
  if (first === 'timeline' && second === '') {
    const kinds = (text('kind') ?? '').split(',').filter((kind) => kind !== '')
    return { page: 'timeline', filter: { site: text('site'), region: text('region'), kinds, since: text('since') ?? usualSince } }
  }
  return { page: 'unknown' }
}

const withQuery = (path: string, query: Readonly<Record<string, string | undefined>>): string => {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') params.set(name, value)
  return params.size === 0 ? path : `${path}?${params.toString().replaceAll('%2C', ',')}`
}

/** The opposite of `parseRoute`. */
export const hrefOf = (route: Route): string => {
  switch (route.page) {
    case 'overview':
    case 'unknown':
      return withQuery('#/', { find: route.page === 'overview' ? route.filter : '' })
    case 'site':
      return `#/sites/${encodeURIComponent(route.site)}`
    case 'incident':
      return `#/incidents/${route.id}`
    case 'login':
      return withQuery('#/login', { next: route.next })
    case 'timeline': {
      const { site, region, kinds, since } = route.filter
      return withQuery('#/timeline', { site, region, kind: kinds.join(','), since: since === usualSince ? '' : since })
    }
  }
}
