import type { Address } from './address.ts'
import type { SiteState } from './site-state.ts'

/** The regions that orders in force take out. */
export const regionsOut = (state: Pick<SiteState, 'drains' | 'forces'>): readonly string[] => {
  const forcedDown = Object.entries(state.forces).flatMap(([region, { to }]) => (to === 'down' ? [region] : []))
  const drained = Object.keys(state.drains).filter((region) => !Object.hasOwn(state.forces, region))
  return [...new Set([...drained, ...forcedDown])]
}

/** More servers than a region is ever pointed at while it is out. */
const mostLed = 256

/** Servers that regions have just been led away from: caches may have them for a while yet, and whoever rebooted them asked for all. */
export const withLed = (led: SiteState['led'], gone: readonly (readonly [Address, string])[]): SiteState['led'] =>
  gone.reduce((all, [address, region]) => {
    const before = Object.hasOwn(all, region) ? (all[region] ?? []) : []
    return before.includes(address) ? all : { ...all, [region]: [...before, address].slice(-mostLed) }
  }, led)

/** What regions led to matters only while they are out, or will be again: a drain goes on when what is forced over it ends. */
export const withoutIdleLed = (state: SiteState): SiteState => {
  const kept = [...regionsOut(state), ...Object.keys(state.drains)]
  if (Object.keys(state.led).every((region) => kept.includes(region))) return state
  return { ...state, led: Object.fromEntries(Object.entries(state.led).filter(([region]) => kept.includes(region))) }
}
