import type { CycleResult } from './cycle.ts'
import type { Decision, Entry } from '../core/decision.ts'
import { keyText } from '../core/rrset.ts'
import type { Site } from '../core/site.ts'
import { type SiteState, unresolvedRegions } from '../core/site-state.ts'
import type { SitePorts } from './ports.ts'

/** Says each state change of a site once, and again only after it was otherwise. */
export interface News {
  /** Whether the decision on an RRset stands in another mode than was last reported. */
  isOtherMode(decision: Decision): boolean
  decided(decisions: readonly Decision[]): void
  /** By which rule each address is published or withheld; the first time only what has been decided. */
  ruled(decisions: readonly Decision[]): void
  /** The records could not be read outside of a cycle, or could be again. */
  read(trouble: string | undefined): void
  resolved(state: SiteState): void
  cycled(result: CycleResult): void
}

/** What is wrong with the provider, if that is how the cycle ended. */
const providerTrouble = ({ outcome, obstacles }: CycleResult): string | undefined => {
  switch (outcome.kind) {
    case 'read-failed':
    case 'write-failed':
      return outcome.error.message
    case 'write-unknown':
      return undefined
    case 'contended':
      return outcome.text
    case 'steady':
    case 'planned':
    case 'applied':
    case 'refused':
      return obstacles.length === 0 ? undefined : obstacles.map((error) => error.message).join('; ')
  }
}

export const createNews = (site: Site, report: SitePorts['report']): News => {
  const modes = new Map<string, Decision['mode']>()
  const said = new Map<string, string>()
  const rules = new Map<string, Pick<Entry, 'action' | 'rule'>>()

  const once = (topic: string, text: string, say: () => void): void => {
    if (said.get(topic) === text) return
    said.set(topic, text)
    say()
  }

  const provider = (trouble: string | undefined): void => {
    if (trouble !== undefined) return once('provider', trouble, () => report({ site: site.name, kind: 'provider-failed', text: trouble }))
    if (said.delete('provider')) report({ site: site.name, kind: 'provider-recovered' })
  }

  const pause = (order: CycleResult['pause']): void => {
    if (order !== undefined) {
      const until = order.until === undefined ? '' : ` until ${new Date(order.until).toISOString()}`
      const text = `paused${until} by ${order.by}: ${order.reason}`
      return once('pause', `${order.by} ${order.reason}`, () => report({ site: site.name, kind: 'paused', text }))
    }
    if (said.delete('pause')) report({ site: site.name, kind: 'resumed' })
  }

  const ruled = ({ key, entries }: Decision): void => {
    for (const entry of entries) {
      const topic = `${keyText(key)} ${entry.address}`
      const from = rules.get(topic)
      if (from?.action === entry.action && from.rule === entry.rule) continue
      if (from === undefined && entry.rule === 'unknown') continue
      rules.set(topic, { action: entry.action, rule: entry.rule })
      report({ site: site.name, kind: 'decided', key, entry, from })
    }
    for (const topic of rules.keys()) {
      const isGone = topic.startsWith(`${keyText(key)} `) && !entries.some(({ address }) => topic === `${keyText(key)} ${address}`)
      if (isGone) rules.delete(topic)
    }
  }

  return {
    ruled: (decisions) => {
      for (const each of decisions) ruled(each)
    },
    read: provider,
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
        if (details.length === 0) {
          if (said.delete(topic)) report({ site: site.name, kind: 'resolved', region: region.name })
        } else once(topic, details.join(), () => report({ site: site.name, kind: 'unresolved', region: region.name, detail: details.join('; ') }))
      }
    },
    cycled: (result) => {
      if (result.writes.length > 0) report({ site: site.name, kind: 'written', changes: result.writes.map((each) => each.change) })
      const { outcome } = result
      if (outcome.kind === 'write-unknown') once('write', outcome.error.message, () => report({ site: site.name, kind: 'write-unknown', text: outcome.error.message }))
      else {
        if (outcome.kind !== 'read-failed') said.delete('write')
        provider(providerTrouble(result))
      }
      if (outcome.kind !== 'read-failed') pause(result.pause)
      for (const { change, verdict } of result.planned) {
        const topic = `guard ${keyText(change.key)}`
        if (verdict.kind === 'allowed') said.delete(topic)
        else once(topic, verdict.text, () => report({ site: site.name, kind: 'refused', key: change.key, code: verdict.code, text: verdict.text }))
      }
    },
  }
}
