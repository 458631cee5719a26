import type { AnswersView } from './views.ts'
import type { LiveSite } from './live-site.ts'
import { askAnswers } from './live-answers.ts'

/** Milliseconds. */
const sharedMs = 2_000
/** Sites that are asked for at once; more would take sockets that checks need. */
const mostSites = 4

/** One asking at a time for a site, however many want to know; its answer serves for two seconds. */
export interface SharedAnswers {
  /** Undefined: as many are asked for already as may be. */
  of(live: LiveSite): Promise<AnswersView> | undefined
}

interface Asking {
  readonly live: LiveSite
  readonly answer: Promise<AnswersView>
  /** Engine milliseconds; undefined while it is under way. */
  endedAt: number | undefined
}

export const createSharedAnswers = (): SharedAnswers => {
  const askings = new Map<string, Asking>()
  return {
    of: (live) => {
      const { clock } = live.ports
      for (const [site, { endedAt }] of askings) if (endedAt !== undefined && clock.now() - endedAt >= sharedMs) askings.delete(site)
      const known = askings.get(live.site.name)
      // A reload may have begun a new watch of it.
      if (known !== undefined && known.live === live) return known.answer
      if ([...askings.values()].filter(({ endedAt }) => endedAt === undefined).length >= mostSites) return undefined
      const shown = new Set(live.view().sets.map(({ name, type }) => `${name} ${type}`))
      const sets = live.current().filter(({ key }) => shown.has(`${key.name} ${key.type}`))
      const asking: Asking = { live, answer: askAnswers(live, sets, live.signal), endedAt: undefined }
      askings.set(live.site.name, asking)
      const end = (): void => void (asking.endedAt = clock.now())
      asking.answer.then(end, end)
      return asking.answer
    },
  }
}
