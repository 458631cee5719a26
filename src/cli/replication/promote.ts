import { join } from 'node:path'
import { judgeWriterMove, type WriterMove } from '../../core/writer-move.ts'
import { type MoveStep, moveSteps } from '../../replication/move-steps.ts'
import { renderReplication } from '../../replication/render.ts'
import type { Io } from '../io.ts'
import { printable, type Style } from '../render/style.ts'
import { type Ending, runVerb, type VerbOptions, type VerbRun, warnings } from '../verb.ts'
import { lookAtReplication } from './look.ts'
import { misused, regionProblem, replicatedSite } from './replicated-site.ts'
import { writeFiles } from './write-files.ts'

export interface PromoteOptions extends VerbOptions {
  readonly region: string
  readonly isForced: boolean
  /** Where to write every region's files; undefined: the steps tell how to render them. */
  readonly out: string | undefined
  /** Milliseconds for asking. */
  readonly totalMs: number
}

/** What `replication promote --json` prints besides the usual. */
interface PromoteData {
  readonly site: string | null
  readonly from: string | null
  readonly to: string
  /** forced: what speaks against it was passed over. */
  readonly kind: WriterMove['kind'] | 'forced' | 'none'
  /** Why it is refused, or was. */
  readonly reason: string | null
  readonly advice: string | null
  readonly steps: readonly MoveStep[]
}

const text = ({ site, from, to, kind, reason, advice, steps }: PromoteData, style: Style): string => {
  if (site === null) return ''
  if (kind === 'none') return `${to} is the writer of ${site} already\n`
  if (kind === 'refused') return `${style.red('refused')}: ${printable(reason ?? '')}\n  -> ${printable(advice ?? '')}; --force passes over it\n`
  const list = steps.map(({ text: step, commands }, at) => `${at + 1}. ${printable(step)}\n${commands.map((command) => `     ${printable(command)}\n`).join('')}`)
  return `${style.bold(`The writer of ${site} moves from ${from} to ${to}.`)} Nothing has been changed yet.\n\n${list.join('\n')}`
}

const act = async ({ loaded, sites }: VerbRun, options: PromoteOptions, io: Io, signal: AbortSignal): Promise<Ending<PromoteData>> => {
  const { region: to, isForced } = options
  const nothing: PromoteData = { site: null, from: null, to, kind: 'none', reason: null, advice: null, steps: [] }
  const chosen = replicatedSite(sites)
  if (chosen.kind === 'none') return misused(nothing, chosen.message)
  const { site, replication } = chosen
  const problem = replication.mode === 'two-way' ? 'in two-way mode every region writes: there is no writer to move' : regionProblem(to, replication)
  if (problem !== undefined) return misused(nothing, problem)
  const data = { ...nothing, site: site.name, from: replication.writer }
  if (to === replication.writer) return { exitCode: 0, data }

  const bound = AbortSignal.any([signal, AbortSignal.timeout(options.totalMs)])
  const { answers } = await lookAtReplication(loaded, site, replication, 'look once', warnings(io, loaded.redact), bound)
  const move = judgeWriterMove(replication, answers, to)
  const told = move.kind === 'refused' ? { reason: move.reason, advice: move.advice } : { reason: move.kind === 'takeover' ? move.detail : null, advice: null }
  if (move.kind === 'refused' && !isForced) return { exitCode: 3, data: { ...data, ...told, kind: 'refused' } }
  if (move.kind === 'refused') io.stderr(`warning: FORCED, although ${printable(move.reason)}. What ${replication.writer} has and ${to} has not will be lost on the others.\n`)
  const kind = move.kind === 'refused' ? 'forced' : move.kind

  const isWriterThere = Object.values(answers[replication.writer] ?? {}).some((copy) => copy.kind !== 'failed' || copy.hasAnswered === true)
  const out = options.out ?? './replication'
  if (options.out !== undefined) {
    for (const region of Object.keys(replication.hosts)) await writeFiles(join(out, region), renderReplication(site.name, region, { ...replication, writer: to }).files)
  }
  const steps = moveSteps({ site: site.name, replication, to, config: options.config, out, isRendered: options.out !== undefined, isWriterThere })
  return { exitCode: 0, data: { ...data, ...told, kind, steps } }
}

/** Tells how to make another region the writer, unless content would be lost. Exit codes: 0 the steps are told; 3 refused; 1 error. */
export const promoteWriter = (options: PromoteOptions, io: Io, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> =>
  runVerb<PromoteData>(options, io, env, {
    nothing: { site: null, from: null, to: options.region, kind: 'none', reason: null, advice: null, steps: [] },
    act: (run) => act(run, options, io, signal),
    render: text,
  })
