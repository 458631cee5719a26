import type { Address } from '../core/address.ts'
import { durationText } from '../config/duration.ts'
import type { ServerState } from './server-state.ts'

/** One of the demo's regions: a web server on a loopback address of its own, and the name that leads only there. */
export interface DemoRegion {
  readonly name: string
  readonly service: string
  readonly address: Address
}

export const zone = 'example.test'
export const mainDomain = `failover.${zone}`

const region = (name: string, address: string): DemoRegion => ({ name, service: `failover${name}.${zone}`, address: address as Address })

export const regions: readonly DemoRegion[] = [region('msk', '127.0.1.1'), region('ams', '127.0.1.2'), region('fra', '127.0.1.3')]

/** How the demo checks. Milliseconds. */
export interface Settings {
  readonly everyMs: number
  readonly timeoutMs: number
  readonly fall: number
  readonly rise: number
  readonly confirmSpanMs: number
  /** Seconds. */
  readonly ttl: number
  /** So low that people can break the same region again and again: the usual ones are 30 s, 15 min and 10 min. */
  readonly damping: { readonly baseMs: number; readonly maxMs: number; readonly halfLifeMs: number }
  /** How often waits that have ended are noticed. */
  readonly tickMs: number
}

export const settingsFor = (everyMs: number): Settings => ({
  everyMs,
  timeoutMs: 300,
  fall: 3,
  rise: 2,
  confirmSpanMs: 200,
  ttl: 5,
  damping: { baseMs: 1000, maxMs: 2000, halfLifeMs: 5000 },
  tickMs: 250,
})

/** Milliseconds within which the name server's answers must show it. */
export interface ShownWithin {
  readonly start: number
  readonly back: number
  readonly withdrawn: (fault: Exclude<ServerState, 'serving'>) => number
}

/** A write to disk and the name server's answer, on a machine that has other things to do. */
const reserveMs = 400

export const shownWithin = ({ everyMs, timeoutMs, confirmSpanMs, damping, tickMs }: Settings): ShownWithin => ({
  start: everyMs + confirmSpanMs + 5000,
  back: everyMs + confirmSpanMs + damping.maxMs + tickMs + reserveMs + 1000,
  // What confirms a silence starts beside the check that meets it: it costs one timeout. The rest is for an address that has passed too few for that yet.
  withdrawn: (fault) => everyMs + confirmSpanMs + (fault === 'frozen' ? timeoutMs + 500 : 0) + reserveMs,
})

/** The settings for people, in lines of less than 80 columns. */
export const settingsText = ({ everyMs, timeoutMs, fall, rise, confirmSpanMs, damping }: Settings): readonly string[] => [
  `Checked every ${durationText(everyMs)}, timeout ${durationText(timeoutMs)}; ${fall} failures over ${durationText(confirmSpanMs)}: down, ${rise} passes: up.`,
  `One that keeps falling waits ${durationText(damping.maxMs)} at most (usually 30s and more): play on.`,
]
