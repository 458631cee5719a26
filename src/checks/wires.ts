import type { HealthCheck } from '../core/site.ts'
import type { Watch } from '../engine/ports.ts'
import { createWire, type Wire } from './wire.ts'

/** The wires of a process: one for each address that is watched. */
export interface Wires {
  /** The same for the same watch; none where nothing is to be held. */
  of(watch: Watch | undefined, check: HealthCheck): Wire | undefined
  /** Closes all, and holds none for a while: what they take is needed elsewhere. False if there was none. */
  makeRoom(): boolean
  close(): void
}

/** So many are held in one process with `auto`, unless checks ride on them: each costs some 20 KB here, and a connection there. */
const mostOfAuto = 2_000

/** Left to all else of the process: checks that are under way, the API, files. */
const reservedDescriptors = 1_024

/** However many are wanted, no more are held. */
const mostWithin = (descriptors: number): number => Math.max(descriptors / 2, descriptors - reservedDescriptors)

/** Once descriptors have run out, none is held for so long. Milliseconds. */
const restMs = 60_000

export interface WireOptions {
  readonly now: () => number
  readonly wallNow: () => number
  /** How many the process may have. */
  readonly descriptors: number
}

export const createWires = ({ now, wallNow, descriptors }: WireOptions): Wires => {
  const most = mostWithin(descriptors)
  const wires = new WeakMap<Watch, Wire>()
  const held = new Set<Wire>()
  let restUntil = Number.NEGATIVE_INFINITY
  const place = {
    now,
    wallNow,
    mayHold: (check: HealthCheck) => now() >= restUntil && held.size < (check.tripwire === 'auto' && check.connection === 'fresh' ? Math.min(most, mostOfAuto) : most),
    onHold: (wire: Wire) => void held.add(wire),
    onDrop: (wire: Wire) => void held.delete(wire),
  }
  const dropAll = (): boolean => {
    const all = [...held]
    for (const wire of all) wire.drop()
    return all.length > 0
  }
  return {
    of: (watch, check) => {
      if (watch === undefined || watch.signal.aborted || (check.tripwire === 'off' && check.connection === 'fresh')) return undefined
      const known = wires.get(watch)
      if (known !== undefined) return known
      const wire = createWire(watch, check, place)
      wires.set(watch, wire)
      watch.signal.addEventListener('abort', () => void wire.drop(), { once: true })
      return wire
    },
    makeRoom: () => {
      restUntil = now() + restMs
      return dropAll()
    },
    close: () => void dropAll(),
  }
}
