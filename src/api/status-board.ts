import type { PublicStatusView } from '../engine/views.ts'
import type { ApiParts } from './api-parts.ts'
import { publicStatus } from './public-status.ts'

const dayMs = 86_400_000
const shownDays = 90
const incidentDays = 30
const mostIncidents = 200
/** So long all visitors see the same. Milliseconds. */
const sharedMs = 5_000

/** The public status pages: however many look at them, the history is asked once in five seconds a page, and for one page at a time. */
export interface StatusBoard {
  /** Undefined: there is no such page. */
  of(site: string): Promise<PublicStatusView> | undefined
}

interface Shown {
  readonly title: string
  readonly at: number
  readonly view: Promise<PublicStatusView>
}

export const createStatusBoard = ({ operations, history, pages, now, wallNow }: Pick<ApiParts, 'operations' | 'history' | 'pages' | 'now' | 'wallNow'>): StatusBoard => {
  const shown = new Map<string, Shown>()
  let last: Promise<unknown> = Promise.resolve()

  const make = async (site: string, title: string): Promise<PublicStatusView> => {
    const untilMs = wallNow()
    const { days } = await history.days({ site, sinceMs: untilMs - (shownDays - 1) * dayMs, untilMs })
    const { incidents } = await history.incidents({ sites: [site], kinds: ['down', 'fail-open', 'fail-closed'], sinceMs: untilMs - incidentDays * dayMs, untilMs, limit: mostIncidents })
    return publicStatus({ site, title, at: new Date(wallNow()).toISOString(), view: operations.site(site), days, incidents })
  }

  return {
    of: (site) => {
      const page = pages.statusPage(site)
      if (page === undefined) return undefined
      const known = shown.get(site)
      if (known !== undefined && now() - known.at < sharedMs && known.title === page.title) return known.view
      for (const name of shown.keys()) if (pages.statusPage(name) === undefined) shown.delete(name)
      const view = last.then(() => make(site, page.title))
      last = view.catch(() => undefined)
      shown.set(site, { title: page.title, at: now(), view })
      // What failed is not shown again.
      view.catch(() => shown.delete(site))
      return view
    },
  }
}
