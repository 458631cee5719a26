import type { PublicStatusView } from '../engine/views.ts'
import type { ApiParts } from './api-parts.ts'
import { type Past, publicStatus } from './public-status.ts'

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
  readonly view: Promise<PublicStatusView>
  /** Undefined while it is made. */
  madeAt: number | undefined
}

export const createStatusBoard = ({ operations, history, pages, now, wallNow }: Pick<ApiParts, 'operations' | 'history' | 'pages' | 'now' | 'wallNow'>): StatusBoard => {
  const shown = new Map<string, Shown>()
  let last: Promise<unknown> = Promise.resolve()
  let troubledAt = Number.NEGATIVE_INFINITY

  /** Undefined: the history cannot be read, now or a moment ago; then no page waits for it again. */
  const readPast = async (site: string): Promise<Past | undefined> => {
    if (now() - troubledAt < sharedMs) return undefined
    const untilMs = wallNow()
    const [{ days, trouble }, { incidents, trouble: more }] = await Promise.all([
      history.days({ site, sinceMs: untilMs - (shownDays - 1) * dayMs, untilMs }),
      history.incidents({ sites: [site], kinds: ['down', 'fail-open', 'fail-closed'], sinceMs: untilMs - incidentDays * dayMs, untilMs, limit: mostIncidents }),
    ])
    if (trouble === null && more === null) return { days, incidents }
    troubledAt = now()
    return undefined
  }

  const make = async (site: string, title: string): Promise<PublicStatusView> => {
    const past = await readPast(site)
    return publicStatus({ site, title, at: new Date(wallNow()).toISOString(), view: operations.site(site), past })
  }

  return {
    of: (site) => {
      const page = pages.statusPage(site)
      if (page === undefined) return undefined
      const known = shown.get(site)
      // While it is made all wait for the same, however long that takes: visitors must not pile up questions.
      if (known !== undefined && known.title === page.title && (known.madeAt === undefined || now() - known.madeAt < sharedMs)) return known.view
      for (const name of shown.keys()) if (pages.statusPage(name) === undefined) shown.delete(name)
      const view = last.then(() => make(site, page.title))
      last = view.catch(() => undefined)
      const next: Shown = { title: page.title, view, madeAt: undefined }
      shown.set(site, next)
      view.then(
        () => void (next.madeAt = now()),
        // What failed is not shown again.
        () => void (shown.get(site) === next && shown.delete(site)),
      )
      return view
    },
  }
}
