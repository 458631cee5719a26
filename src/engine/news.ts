import type { CycleResult } from './cycle.ts'
import type { Decision } from '../core/decision.ts'
import { keyText } from '../core/rrset.ts'
import type { Site } from '../core/site.ts'
import { type SiteState, unresolvedRegions } from '../core/site-state.ts'
import type { SitePorts } from './ports.ts'

/** Says each state change of a site once, and again only after it was otherwise. */
export interface News {
  /** Whether the decision on an RRset stands in another mode than was last reported. */
  isOtherMode(decision: Decision): boolean
  decided(decisions: readonly Decision[]): void
  resolved(state: SiteState): void
  cycled(result: CycleResult): void
}

/** What is wrong with the provider, if that is how the cycle ended. */
const providerTrouble = ({ outcome }: CycleResult): string | undefined => {
  switch (outcome.kind) {
    case 'read-failed':
    case 'write-failed':
    case 'write-unknown':
      return outcome.error.message
    case 'contended':
      return outcome.text
    case 'steady':
    case 'planned':
    case 'applied':
    case 'refused':
      return undefined
  }
}

export const createNews = (site: Site, report: SitePorts['report']): News => {
  const modes = new Map<string, Decision['mode']>()
  const said = new Map<string, string>()

  const once = (topic: string, text: string, say: () => void): void => {
    if (said.get(topic) === text) return
    said.set(topic, text)
    say()
  }

  return {
    isOtherMode: ({ key, mode }) => modes.get(keyText(key)) !== mode,
    decided: (decisions) => {
      for (const { key, family, mode } of decisions) {
        const from = modes.get(keyText(key))
        modes.set(keyText(key), mode)
        const isNew = from !== mode && (from !== undefined || mode !== 'normal')
        if (isNew) report({ site: site.name, kind: 'mode', key, family, from, to: mode })
      }
    },
    resolved: (state) => {
      const unresolved = unresolvedRegions(site, state)
      for (const region of site.regions) {
        const details = unresolved.filter((each) => each.region === region.name).map((each) => each.detail)
        const topic = `region ${region.name}`
        if (details.length === 0) said.delete(topic)
        else once(topic, details.join(), () => report({ site: site.name, kind: 'unresolved', region: region.name, detail: details.join('; ') }))
      }
    },
    cycled: (result) => {
      if (result.writes.length > 0) report({ site: site.name, kind: 'written', changes: result.writes.map((each) => each.change) })
      const trouble = providerTrouble(result)
      if (trouble === undefined) said.delete('provider')
      else once('provider', trouble, () => report({ site: site.name, kind: 'provider-failed', text: trouble }))
      for (const { change, verdict } of result.planned) {
        const topic = `guard ${keyText(change.key)}`
        if (verdict.kind === 'allowed') said.delete(topic)
        else once(topic, verdict.text, () => report({ site: site.name, kind: 'refused', key: change.key, code: verdict.code, text: verdict.text }))
      }
    },
  }
}
