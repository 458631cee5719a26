import type { DnsAnswer } from './dns-answer.ts'
import type { Sighting } from './await-answer.ts'
import { mainDomain } from './settings.ts'
import type { Step } from './walkthrough.ts'

/** One step of `npm run demo -- --script --json`. */
export interface StepReport {
  readonly step: number
  readonly part: string
  readonly title: string
  readonly region: string | null
  /** What the region's server was made to do. */
  readonly state: string | null
  /** What the name server had to answer. */
  readonly expected: readonly string[]
  /** What it answered in the end; null if it did not. */
  readonly answered: readonly string[] | null
  readonly ok: boolean
  /** From the deed to the first answer that shows it; null if none did. */
  readonly tookMs: number | null
  readonly boundMs: number
  /** Checks that could not tell, by a fault of our own: mostly of a machine too busy to run us. */
  readonly untoldChecks: number
  /** What went wrong; null if nothing did. */
  readonly problem: string | null
}

/** What `npm run demo -- --script --json` prints, whatever the exit code. */
export interface ScriptReport {
  /** Raised when a reader of the old shape would misread the new one; keys may be added without. */
  readonly version: 1
  /** 0: all was seen within its bound; 1: not; 64: wrong usage. */
  readonly exitCode: number
  readonly nameServer: { readonly address: string; readonly port: number } | null
  /** Where the dashboard was while it played. */
  readonly dashboard: string | null
  readonly name: string
  /** Null where the command line was not understood. */
  readonly settings: { readonly everyMs: number; readonly timeoutMs: number; readonly fall: number; readonly rise: number; readonly confirmSpanMs: number } | null
  /** As far as the walkthrough came: it ends with the first step that fails. */
  readonly steps: readonly StepReport[]
  /** What kept it from starting or going on; null if nothing did. */
  readonly error: { readonly code: string; readonly message: string } | null
}

const answerText = (answer: DnsAnswer): string => (answer.kind === 'failed' ? `no answer (${answer.detail})` : answer.values.join(' ') || 'no address')

const problemOf = (step: Step, sighting: Sighting): string | null => {
  const expected = step.expected.join(' ')
  switch (sighting.kind) {
    case 'seen':
      return null
    case 'late':
      return sighting.afterMs === undefined
        ? `expected ${expected} within ${step.boundMs} ms; the DNS still said: ${answerText(sighting.answer)}`
        : `expected ${expected} within ${step.boundMs} ms; it took ${Math.round(sighting.afterMs)} ms`
    case 'unexpected':
      return `expected ${expected}, still ${step.before.join(' ') || 'no address'} until then; after ${Math.round(sighting.afterMs)} ms the DNS said: ${answerText(sighting.answer)}`
    case 'aborted':
      return 'interrupted'
  }
}

export const stepReport = (number: number, step: Step, sighting: Sighting, untoldChecks: number): StepReport => {
  const answer = sighting.kind === 'aborted' ? undefined : sighting.answer
  const wrong = problemOf(step, sighting)
  const excuse = untoldChecks === 0 ? '' : `; ${untoldChecks} checks could not tell, for this machine was too busy to run the demo in time`
  const problem = wrong === null ? null : `${wrong}${excuse}`
  const tookMs = (sighting.kind === 'seen' || sighting.kind === 'late') && sighting.afterMs !== undefined ? Math.round(sighting.afterMs) : null
  return {
    step: number,
    part: step.part,
    title: step.title,
    region: step.act?.region ?? null,
    state: step.act?.state ?? null,
    expected: step.expected,
    answered: answer?.kind === 'answer' ? answer.values : null,
    ok: problem === null,
    tookMs,
    boundMs: step.boundMs,
    untoldChecks,
    problem,
  }
}

/** The report of a command line that was not understood. */
export const usageReport = (message: string): ScriptReport => ({
  version: 1,
  exitCode: 64,
  nameServer: null,
  dashboard: null,
  name: mainDomain,
  settings: null,
  steps: [],
  error: { code: 'usage', message },
})
