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

/**
 * So many are held in one process with `auto`, and no more, unless checks ride on them: each costs a descriptor and some KB, here and there. With what it
 * needs besides, a process then stays within 4,096 descriptors, the least hard limit in common use.
 */
const mostOfAuto = 2_000

/** Once descriptors have run out, none is held for so long. Milliseconds. */
const restMs = 60_000

export const createWires = ({ now, wallNow }: { readonly now: () => number; readonly wallNow: () => number }): Wires => {
  const wires = new WeakMap<Watch, Wire>()
  const held = new Set<Wire>()
  let restUntil = Number.NEGATIVE_INFINITY
  const place = {
    now,
    wallNow,
    mayHold: (check: HealthCheck) => now() >= restUntil && (check.tripwire !== 'auto' || check.connection === 'kept' || held.size < mostOfAuto),
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
