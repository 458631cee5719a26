import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/**
 * Label values by name; of one metric always the same names in the same order. `site` is among them. Whoever counts often hands over the
 * very same object each time: its series is then found by that.
 */
export type SiteLabels = Readonly<Record<string, string>> & { readonly site: string }

export interface Definition {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
}

/** Metrics of sites that events make, and how their series end: sites are removed, addresses come and go. */
export interface SiteSeries {
  counter(definition: Definition): (labels: SiteLabels, by?: number) => void
  gauge(definition: Definition): (labels: SiteLabels, value: number) => void
  histogram(definition: Definition & { readonly buckets: readonly number[] }): (labels: SiteLabels, value: number) => void
  forget(site: string): void
  /** Ends what has not moved for an hour and is not there any more. */
  prune(isThere: (labels: SiteLabels) => boolean): void
}

interface Removable {
  remove(labels: SiteLabels): void
}

interface Entry {
  readonly labels: SiteLabels
  readonly metric: Removable
  movedAt: number
  isGone: boolean
}

/** Milliseconds. */
const keptMs = 3_600_000
/** Beyond this the one that has not moved for longest goes: also where nobody asks for the metrics. */
const mostOfOneSite = 2000

const hashOf = (text: string): number => [...text].reduce((hash, letter) => (hash * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003, 0)

/** The sites are spread over the registries, so that none takes long to be written out. */
export const createSiteSeries = (registries: readonly [Registry, ...Registry[]], now: () => number): SiteSeries => {
  /** By site, and by metric and labels. */
  const sites = new Map<string, Map<string, Entry>>()

  const drop = (entries: Map<string, Entry>, key: string, entry: Entry): void => {
    entries.delete(key)
    entry.isGone = true
    entry.metric.remove(entry.labels)
  }

  const bound = (entries: Map<string, Entry>): void => {
    if (entries.size <= mostOfOneSite) return
    let oldest: readonly [string, Entry] | undefined
    for (const each of entries) if (oldest === undefined || each[1].movedAt < oldest[1].movedAt) oldest = each
    if (oldest !== undefined) drop(entries, ...oldest)
  }

  const enter = (name: string, labels: SiteLabels, metric: Removable): Entry => {
    const entries = sites.get(labels.site) ?? new Map<string, Entry>()
    sites.set(labels.site, entries)
    const key = [name, ...Object.values(labels)].join('\0')
    const entry = entries.get(key) ?? { labels, metric, movedAt: now(), isGone: false }
    entries.set(key, entry)
    entry.movedAt = now()
    bound(entries)
    return entry
  }

  /** Notes that a series of one metric has moved. */
  const movesOf = (name: string): ((labels: SiteLabels, metric: Removable) => void) => {
    const known = new WeakMap<SiteLabels, Entry>()
    return (labels, metric) => {
      const entry = known.get(labels)
      if (entry === undefined || entry.isGone) known.set(labels, enter(name, labels, metric))
      else entry.movedAt = now()
    }
  }

  /** The same metric in each registry, and which of them has a site. */
  const spread = <T>(make: (registers: Registry[]) => T): ((site: string) => T) => {
    const first = make([registries[0]])
    const all = [first, ...registries.slice(1).map((each) => make([each]))]
    return (site) => all[hashOf(site) % all.length] ?? first
  }

  return {
    counter: ({ name, help, labels: labelNames }) => {
      const metricOf = spread((registers) => new Counter({ name, help, labelNames, registers }))
      const moved = movesOf(name)
      return (labels, by = 1) => {
        const metric = metricOf(labels.site)
        metric.inc(labels, by)
        moved(labels, metric)
      }
    },
    gauge: ({ name, help, labels: labelNames }) => {
      const metricOf = spread((registers) => new Gauge({ name, help, labelNames, registers }))
      const moved = movesOf(name)
      return (labels, value) => {
        const metric = metricOf(labels.site)
        metric.set(labels, value)
        moved(labels, metric)
      }
    },
    histogram: ({ name, help, labels: labelNames, buckets }) => {
      const metricOf = spread((registers) => new Histogram({ name, help, labelNames, buckets: [...buckets], registers }))
      const moved = movesOf(name)
      return (labels, value) => {
        const metric = metricOf(labels.site)
        metric.observe(labels, value)
        moved(labels, metric)
      }
    },
    forget: (site) => {
      const entries = sites.get(site) ?? new Map<string, Entry>()
      for (const [key, entry] of entries) drop(entries, key, entry)
      sites.delete(site)
    },
    prune: (isThere) => {
      for (const [site, entries] of sites) {
        for (const [key, entry] of entries) {
          if (now() - entry.movedAt >= keptMs && !isThere(entry.labels)) drop(entries, key, entry)
        }
        if (entries.size === 0) sites.delete(site)
      }
    },
  }
}
