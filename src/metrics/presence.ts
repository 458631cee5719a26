import type { SiteView } from '../engine/views.ts'
import type { SiteLabels } from './site-series.ts'

const keyOf = (...parts: readonly string[]): string => parts.join('\0')

/** Whether what a series is about is still there: its site, its region, its address. */
export const presenceIn = (views: readonly SiteView[]): ((labels: SiteLabels) => boolean) => {
  const sites = new Set(views.map(({ site }) => site))
  const regions = new Set(views.flatMap(({ site, regions: all }) => all.map(({ region }) => keyOf(site, region))))
  const addresses = new Set(
    views.flatMap(({ site, regions: all, others }) => [
      ...all.flatMap(({ region, addresses: own }) => own.map(({ address }) => keyOf(site, region, address))),
      ...others.map(({ address }) => keyOf(site, '', address)),
    ]),
  )
  return (labels) => {
    const { site, region, address } = labels as SiteLabels & { readonly region?: string; readonly address?: string }
    if (address !== undefined) return addresses.has(keyOf(site, region ?? '', address))
    return region === undefined || region === '' ? sites.has(site) : regions.has(keyOf(site, region))
  }
}
