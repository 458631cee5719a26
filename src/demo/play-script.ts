import { sameAddresses } from '../core/address.ts'
import type { Clock } from '../engine/ports.ts'
import { awaitAnswer } from './await-answer.ts'
import { askDns } from './dns-answer.ts'
import { type StepReport, stepReport } from './script-report.ts'
import type { Demo } from './start-demo.ts'
import { type Step, walkthrough } from './walkthrough.ts'

/** What is told while the walkthrough is played. */
export interface ScriptListener {
  begun(step: Step): void
  ended(step: Step, report: StepReport): void
}

const act = async ({ fleet }: Demo, step: Step, signal: AbortSignal): Promise<void> => {
  const server = fleet.servers.find(({ region }) => region.name === step.act?.region)
  if (server !== undefined && step.act !== undefined) await server.become(step.act.state, signal)
}

const isAllowedBefore = (step: Step, values: Step['before']): boolean =>
  // At the start regions are published as they prove up.
  step.act === undefined ? values.every((value) => step.expected.includes(value)) : sameAddresses(values, step.before)

export interface ScriptSurroundings {
  /** When the demo was started (the clock's milliseconds). */
  readonly startedAt: number
  readonly clock: Clock
  /** How many checks could not tell so far, by a fault of our own: mostly of a machine too busy to run us. */
  readonly untold: () => number
}

/** Plays the walkthrough; ends with the first step that is not seen as expected, or on abort. @throws DemoError */
export const playScript = async (demo: Demo, around: ScriptSurroundings, listener: ScriptListener, signal: AbortSignal): Promise<readonly StepReport[]> => {
  const { clock, startedAt, untold } = around
  const reports: StepReport[] = []
  const steps = walkthrough(demo.settings)
  for (const [at, step] of steps.entries()) {
    listener.begun(step)
    const untoldBefore = untold()
    const since = step.act === undefined ? startedAt : clock.now()
    // The DNS is watched from the deed on, also while a server that is healed is starting.
    const broken = new AbortController()
    const acting = act(demo, step, signal).catch((error: unknown) => {
      broken.abort()
      throw error
    })
    const until = AbortSignal.any([signal, broken.signal])
    const watching = { expected: step.expected, isAllowed: (values: Step['before']) => isAllowedBefore(step, values), since, boundMs: step.boundMs }
    const [sighting] = await Promise.all([awaitAnswer(watching, (ends) => askDns(demo.nameServer, ends), clock, until), acting])
    const report = stepReport(at + 1, step, sighting, untold() - untoldBefore)
    listener.ended(step, report)
    reports.push(report)
    if (!report.ok) break
  }
  return reports
}
