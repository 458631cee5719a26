import { didYouMean } from '../config/suggest.ts'
import type { Site } from '../core/site.ts'

export type ChosenSites = { readonly kind: 'chosen'; readonly sites: readonly Site[] } | { readonly kind: 'unknown'; readonly message: string }

/** The sites that were asked for by name; all of them if none was. */
export const chooseSites = (asked: readonly string[], sites: readonly Site[]): ChosenSites => {
  const known = sites.map((site) => site.name)
  const [first] = asked.filter((name) => !known.includes(name))
  if (first !== undefined) return { kind: 'unknown', message: `there is no site ${JSON.stringify(first)} in the config${didYouMean(first, known, 'there are')}` }
  return { kind: 'chosen', sites: sites.filter((site) => asked.length === 0 || asked.includes(site.name)) }
}
