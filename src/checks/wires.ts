import type { Address } from '../core/address.ts'
import type { HealthCheck } from '../core/site.ts'
import type { Watch } from '../engine/ports.ts'
import { createWire, type Wire } from './wire.ts'
import { createWireRoom } from './wire-room.ts'

/** The wires of a process: one for each address that is watched. */
export interface Wires {
  /** The same for the same watch; none where nothing is to be held. */
  of(watch: Watch | undefined, check: HealthCheck, address: Address): Wire | undefined
  /** Closes all, and holds none for a while: what they take is needed elsewhere. False if there was none. */
  makeRoom(): boolean
  close(): void
}

/** Once descriptors have run out, none is held for so long. Milliseconds. */
const restMs = 60_000

export interface WireOptions {
  readonly now: () => number
  readonly wallNow: () => number
  /** How many the process may have. */
  readonly descriptors: number
}

export const createWires = ({ now, wallNow, descriptors }: WireOptions): Wires => {
  const room = createWireRoom(descriptors)
  const wires = new WeakMap<Watch, Wire>()
  let restUntil = Number.NEGATIVE_INFINITY
  const place = { ...room, now, wallNow, mayHold: (wire: Wire) => now() >= restUntil && room.mayHold(wire) }
  return {
    of: (watch, check, address) => {
      if (watch === undefined || watch.signal.aborted || (check.tripwire === 'off' && check.connection === 'fresh')) return undefined
      const known = wires.get(watch)
      if (known !== undefined) return known
      const wire = createWire(watch, check, address, place)
      wires.set(watch, wire)
      watch.signal.addEventListener('abort', () => wire.end(), { once: true })
      return wire
    },
    makeRoom: () => {
      restUntil = now() + restMs
      return room.dropAll()
    },
    close: () => void room.dropAll(),
  }
}
