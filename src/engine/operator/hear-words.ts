import type { LiveSite } from '../live-site.ts'
import type { HeardView, HeardWord, Outcome } from '../operations.ts'
import { refused } from './refusal.ts'

/** What an authenticated source has said: all of it is heard or, if any of it is about nobody we know, nothing. */
export const hearWords = (
  source: string,
  forMs: number,
  words: readonly HeardWord[],
  liveOf: (site: string) => Outcome<LiveSite>,
): Outcome<readonly HeardView[]> => {
  const placed: { readonly live: LiveSite; readonly word: HeardWord }[] = []
  for (const word of words) {
    const found = liveOf(word.site)
    if (found.kind === 'refused') return found
    const { site } = found.value
    if (!site.regions.some(({ name }) => name === word.region)) {
      return refused('unknown-region', `site ${site.name} has no region ${JSON.stringify(word.region)}; it has ${site.regions.map(({ name }) => name).join(', ')}`)
    }
    if (!Object.hasOwn(site.sources, source)) return refused('unknown-site', `source ${source} says nothing of site ${site.name} by the config`)
    placed.push({ live: found.value, word })
  }
  const value = placed.map(({ live, word }): HeardView => {
    const { site, region, monitor, opinion, detail, eventAt } = word
    const mode = live.site.sources[source] ?? 'hint'
    return { site, region, monitor, opinion, ...live.hear({ source, region, monitor, opinion, detail, eventAt, forMs }, mode) }
  })
  return { kind: 'done', value }
}
