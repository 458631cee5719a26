import type { Style } from '../cli/render/style.ts'
import type { EngineEvent } from '../engine/events.ts'
import type { Clock } from '../engine/ports.ts'
import { DemoError } from './demo-error.ts'
import { playScript } from './play-script.ts'
import type { ScriptReport, StepReport } from './script-report.ts'
import { beginText, endText, headText, partText, verdictText } from './script-text.ts'
import { mainDomain, type Settings } from './settings.ts'
import { type Demo, startDemo, type StartOptions } from './start-demo.ts'
import { walkthrough } from './walkthrough.ts'

export interface RunScriptOptions {
  readonly settings: Settings
  readonly firstDnsPort: number
  readonly firstDashboardPort: number
  readonly style: Style
  readonly clock: Clock
  /** Gets the walkthrough for people as it goes on, piece by piece. */
  readonly write: (text: string) => void
  readonly onCrash: StartOptions['onCrash']
}

const play = async (demo: Demo, startedAt: number, untold: () => number, options: RunScriptOptions, signal: AbortSignal): Promise<readonly StepReport[]> => {
  const { write, style } = options
  let part = ''
  const listener = {
    begun: (step: Parameters<typeof beginText>[0]) => {
      if (step.part !== part) write(partText(step.part, style))
      part = step.part
      write(beginText(step))
    },
    ended: (_step: unknown, report: StepReport) => write(endText(report, style)),
  }
  return playScript(demo, { startedAt, clock: options.clock, untold }, listener, signal)
}

const errorOf = (error: unknown): NonNullable<ScriptReport['error']> => ({
  code: error instanceof DemoError ? error.code : 'internal',
  message: error instanceof Error ? error.message : String(error),
})

/** Plays the walkthrough from start to end, everything stopped again afterwards. Never rejects. */
export const runScript = async (options: RunScriptOptions, signal: AbortSignal): Promise<ScriptReport> => {
  const { settings, write, style } = options
  const { everyMs, timeoutMs, fall, rise, confirmSpanMs } = settings
  const facts = { version: 1 as const, name: mainDomain, settings: { everyMs, timeoutMs, fall, rise, confirmSpanMs } }
  const startedAt = options.clock.now()
  const engineFailed = new AbortController()
  let demo: Demo | undefined
  let steps: readonly StepReport[] = []
  let error: ScriptReport['error'] = null
  let untold = 0
  /** Told after the dashboard's address, which comes first. */
  let notes: readonly string[] | undefined = []
  const say = (text: string): void => {
    if (notes === undefined) write(`${text}\n`)
    else notes = [...notes, text]
  }
  const report = (event: EngineEvent): void => {
    if (event.kind === 'checked' && event.result.kind === 'cannot-tell') untold += 1
  }
  try {
    demo = await startDemo({ ...options, report, onServerChange: () => undefined, say }, signal)
    write(headText(demo, notes, style))
    notes = undefined
    demo.ended.catch(() => engineFailed.abort())
    const until = AbortSignal.any([signal, engineFailed.signal])
    steps = await play(demo, startedAt, () => untold, options, until)
    write(verdictText(steps, walkthrough(settings).length, style))
  } catch (thrown) {
    error = errorOf(thrown)
  }
  try {
    await demo?.stop()
    await demo?.ended
  } catch (thrown) {
    error ??= errorOf(thrown)
  }
  for (const note of notes ?? []) write(`${note}\n`)
  if (error !== null) write(`${style.red(`error: ${error.message}`)}\n`)
  const isFine = error === null && steps.length > 0 && steps.every((step) => step.ok)
  return { ...facts, exitCode: isFine ? 0 : 1, nameServer: demo?.nameServer ?? null, dashboard: demo?.dashboard.url ?? null, steps, error }
}
