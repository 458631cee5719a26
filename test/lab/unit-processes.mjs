import { readdirSync, readFileSync } from 'node:fs'

/** What marks every process of a unit: inherited by its children, also by those that made themselves daemons. */
export const unitVariable = 'LAB_UNIT'

const holds = (pid, mark) => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(mark)
  } catch {
    return false
  }
}

/** The living processes of a unit; what a control group would tell. */
export const processesOf = (unit) =>
  readdirSync('/proc')
    .filter((each) => /^\d+$/.test(each) && holds(each, `${unitVariable}=${unit}`))
    .map(Number)

export const signalAll = (pids, signal) => {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if (error.code !== 'ESRCH') throw error
    }
  }
}

/** Ends all processes of a unit at once, also those that are frozen or being born. */
export const killAll = async (unit) => {
  for (let round = 0; round < 100; round += 1) {
    const pids = processesOf(unit)
    if (pids.length === 0) return
    signalAll(pids, 'SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`${unit}: its processes do not end`)
}
