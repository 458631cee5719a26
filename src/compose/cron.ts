import { createTask, type Logger, type ScheduledTask } from 'node-cron'
import type { Cron } from '../engine/cron-port.ts'
import type { Clock } from '../engine/ports.ts'
import type { Log } from './log.ts'

/** How often the wall clock is compared with the one that never steps, and by how much it may differ. Milliseconds. */
const watchEveryMs = 500
const stepMs = 1_500

const line = (message: string | Error): string => `schedule: ${message instanceof Error ? (message.stack ?? message.message) : message}`

const loggerFor = (log: Log): Logger => ({
  info: (message) => log('info', line(message)),
  warn: (message) => log('warn', line(message)),
  error: (message, error) => log('error', error === undefined ? line(message) : `${line(message)} ${error.stack ?? error.message}`),
  debug: (message) => log('debug', line(message)),
})

/**
 * Cron by node-cron. It waits for a wall clock time: when the clock is set back, it would wait out the difference in
 * silence, and when it is set forward, make a list of all that was missed. So the clock is watched, and what is scheduled is
 * scheduled anew after a step.
 */
export const createCron = (options: { readonly clock: Pick<Clock, 'now' | 'wallNow'>; readonly log: Log }): Cron => {
  const { clock, log } = options
  const logger = loggerFor(log)
  const tasks = new Set<ScheduledTask>()
  const offset = (): number => clock.wallNow() - clock.now()
  let lastOffset = offset()
  let timer: NodeJS.Timeout | undefined

  const watch = (): void => {
    const step = offset() - lastOffset
    lastOffset = offset()
    if (Math.abs(step) < stepMs) return
    log('warn', `the clock of this machine was set ${step > 0 ? 'forward' : 'back'} by ${Math.round(Math.abs(step) / 1000)} s; schedules go by it from now on, checks with "every" do not`)
    for (const task of tasks) {
      void task.stop()
      void task.start()
    }
  }

  return {
    on: (expression, act, signal) => {
      if (signal.aborted) return
      const task = createTask(expression, () => (signal.aborted ? undefined : act()), { noOverlap: true, logger, suppressMissedWarning: true })
      if (tasks.size === 0) {
        lastOffset = offset()
        timer = setInterval(watch, watchEveryMs)
      }
      tasks.add(task)
      void task.start()
      const end = (): void => {
        tasks.delete(task)
        void task.destroy()
        if (tasks.size === 0) clearInterval(timer)
      }
      signal.addEventListener('abort', end, { once: true })
    },
  }
}
