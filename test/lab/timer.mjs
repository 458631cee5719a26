import { loadUnit, spanMs } from './unit-file.mjs'

/** A timer unit: OnActiveSec, OnBootSec (the lab's machines have just booted), OnUnitActiveSec and OnUnitInactiveSec. */
export const createTimer = (name, startService, say) => {
  let pending
  let isActive = false
  return {
    start: async () => {
      if (isActive) return
      const unit = loadUnit(name)
      const unknown = unit.keys().filter((key) => key.startsWith('Timer.On') && !['Timer.OnActiveSec', 'Timer.OnBootSec', 'Timer.OnStartupSec', 'Timer.OnUnitActiveSec', 'Timer.OnUnitInactiveSec'].includes(key))
      if (unknown.length > 0) throw new Error(`${name}: the lab does not know ${unknown.join(', ')}`)
      const first = unit.last('Timer.OnActiveSec') ?? unit.last('Timer.OnBootSec') ?? unit.last('Timer.OnStartupSec')
      const every = unit.last('Timer.OnUnitActiveSec') ?? unit.last('Timer.OnUnitInactiveSec')
      const service = unit.last('Timer.Unit', name.replace(/\.timer$/, '.service'))
      isActive = true
      const turn = async () => {
        await startService(service).catch((error) => say(error.message))
        if (isActive && every !== undefined) pending = setTimeout(turn, spanMs(every))
      }
      pending = setTimeout(turn, first === undefined ? 0 : spanMs(first))
    },
    stop: async () => {
      isActive = false
      clearTimeout(pending)
    },
    kill: async () => {
      isActive = false
      clearTimeout(pending)
    },
    reload: async () => undefined,
    signal: () => undefined,
    state: () => (isActive ? 'active' : 'inactive'),
    processes: () => 0,
  }
}
