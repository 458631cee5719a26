import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** Label values by name; of one metric always the same names in the same order. `site` is among them. */
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

interface Entry {
  readonly labels: SiteLabels
  readonly remove: (labels: Record<string, string>) => void
  readonly movedAt: number
}

/** Milliseconds. */
const keptMs = 3_600_000
/** Beyond this the one that has not moved for longest goes: also where nobody asks for the metrics. */
const mostOfOneSite = 2000

export const createSiteSeries = (registry: Registry, now: () => number): SiteSeries => {
  /** By site, each in the order of their last move. */
  const sites = new Map<string, Map<string, Entry>>()

  const drop = (entries: Map<string, Entry>, key: string, { remove, labels }: Entry): void => {
    entries.delete(key)
    remove(labels)
  }

  const moved = (name: string, labels: SiteLabels, remove: Entry['remove']): void => {
    const entries = sites.get(labels.site) ?? new Map<string, Entry>()
    sites.set(labels.site, entries)
    const key = [name, ...Object.values(labels)].join('\0')
    entries.delete(key)
    entries.set(key, { labels, remove, movedAt: now() })
    const [oldest] = entries
    if (entries.size > mostOfOneSite && oldest !== undefined) drop(entries, ...oldest)
  }

  return {
    counter: ({ name, help, labels: labelNames }) => {
      const metric = new Counter({ name, help, labelNames, registers: [registry] })
      const remove: Entry['remove'] = (labels) => metric.remove(labels)
      return (labels, by = 1) => {
        metric.inc(labels, by)
        moved(name, labels, remove)
      }
    },
    gauge: ({ name, help, labels: labelNames }) => {
      const metric = new Gauge({ name, help, labelNames, registers: [registry] })
      const remove: Entry['remove'] = (labels) => metric.remove(labels)
      return (labels, value) => {
        metric.set(labels, value)
        moved(name, labels, remove)
      }
    },
    histogram: ({ name, help, labels: labelNames, buckets }) => {
      const metric = new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [registry] })
      const remove: Entry['remove'] = (labels) => metric.remove(labels)
      return (labels, value) => {
        metric.observe(labels, value)
        moved(name, labels, remove)
      }
    },
    forget: (site) => {
      for (const { remove, labels } of sites.get(site)?.values() ?? []) remove(labels)
      sites.delete(site)
    },
    prune: (isThere) => {
      for (const [site, entries] of sites) {
        for (const [key, entry] of entries) {
          if (now() - entry.movedAt < keptMs) break
          if (!isThere(entry.labels)) drop(entries, key, entry)
        }
        if (entries.size === 0) sites.delete(site)
      }
    },
  }
}
