import type { SiteSummaryView } from '../../engine/views.ts'

export type Sites = ReadonlyMap<string, SiteSummaryView>

const isSame = (a: SiteSummaryView, b: SiteSummaryView): boolean => JSON.stringify({ ...a, at: '' }) === JSON.stringify({ ...b, at: '' })

/** One reading is newer than the other, as far as the service's own clock says. */
const isOlder = (a: SiteSummaryView, b: SiteSummaryView): boolean => Date.parse(a.at) < Date.parse(b.at)

/** Sites that say nothing new stay the objects that they were, so that nothing of them is drawn again. */
const kept = (before: SiteSummaryView | undefined, after: SiteSummaryView): SiteSummaryView => (before !== undefined && (isOlder(after, before) || isSame(before, after)) ? before : after)

/** All sites were read: those that are no longer there go. */
export const replaceSites = (before: Sites, all: readonly SiteSummaryView[]): Sites => new Map(all.map((each) => [each.site, kept(before.get(each.site), each)]))

/** Some were read; null: it is gone. */
export const updateSites = (before: Sites, some: ReadonlyMap<string, SiteSummaryView | null>): Sites => {
  const after = new Map(before)
  for (const [site, summary] of some) {
    if (summary === null) after.delete(site)
    else after.set(site, kept(before.get(site), summary))
  }
  return after
}
