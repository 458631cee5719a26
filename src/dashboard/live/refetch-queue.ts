/*
 * Which readings events call for. An event says that something is new, the reading says how it is: so none is missed, and a
 * storm of events costs a reading, not one each.
 */

export type Due = { readonly kind: 'nothing' } | { readonly kind: 'sites'; readonly sites: readonly string[] } | { readonly kind: 'all' }

export interface RefetchQueue {
  readonly add: (site: string | null) => void
  readonly addAll: () => void
  /** What is to be read now; it is then under way until `done`. */
  readonly take: () => Due
  readonly done: (due: Due) => void
}

/** Where more sites are new than this, one reading of all of them is less. */
const mostSingle = 8

export const createRefetchQueue = (): RefetchQueue => {
  const waiting = new Set<string>()
  const underWay = new Set<string>()
  let isAllWaiting = false
  let isAllUnderWay = false

  return {
    add: (site) => void (site === null ? undefined : waiting.add(site)),
    addAll: () => void (isAllWaiting = true),
    take: () => {
      if (isAllUnderWay) return { kind: 'nothing' }
      if (isAllWaiting || waiting.size > mostSingle) {
        waiting.clear()
        isAllWaiting = false
        isAllUnderWay = true
        return { kind: 'all' }
      }
      // One that is being read is read again afterwards: what happened meanwhile may not be in it.
      const sites = [...waiting].filter((site) => !underWay.has(site)).slice(0, mostSingle - underWay.size)
      for (const site of sites) {
        waiting.delete(site)
        underWay.add(site)
      }
      return sites.length === 0 ? { kind: 'nothing' } : { kind: 'sites', sites }
    },
    done: (due) => {
      if (due.kind === 'all') isAllUnderWay = false
      if (due.kind === 'sites') for (const site of due.sites) underWay.delete(site)
    },
  }
}
