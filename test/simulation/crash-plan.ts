import type { Crash, Schedule } from './schedule.ts'
import type { VirtualTime } from './virtual-time.ts'

/** When the processes of one run are killed. */
export interface CrashPlan {
  /** Whether this call through a port is the last of its process, whose `calls`th it is. */
  due(calls: number, writing: 'main' | 'service' | undefined): Pick<Crash, 'isBeforeEffect' | 'losesState'> | undefined
}

export const createCrashPlan = (schedule: Schedule, time: VirtualTime): CrashPlan => {
  let crashes = [...schedule.crashes]
  let { writeCrash } = schedule.operations
  let writesLeft = writeCrash?.nth ?? 0
  return {
    due: (calls, writing) => {
      if (time.now() >= schedule.calmFrom) return undefined
      const [crash] = crashes
      if (crash !== undefined && calls === crash.afterCalls) {
        crashes = crashes.slice(1)
        return crash
      }
      if (writing === undefined || writeCrash?.of !== writing) return undefined
      writesLeft -= 1
      if (writesLeft > 0) return undefined
      const { isBeforeEffect } = writeCrash
      writeCrash = undefined
      return { isBeforeEffect, losesState: false }
    },
  }
}
