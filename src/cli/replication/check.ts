import { replicationPairs, type ReplicationPair } from '../../core/replication-pairs.ts'
import type { Io } from '../io.ts'
import { printable, type Style } from '../render/style.ts'
import { type Ending, runVerb, type VerbOptions, type VerbRun, warnings } from '../verb.ts'
import { type Look, lookAtReplication } from './look.ts'
import { misused, replicatedSite } from './replicated-site.ts'

export interface CheckOptions extends VerbOptions {
  /** Milliseconds for all of it. */
  readonly totalMs: number
}

interface Pair {
  readonly from: string
  readonly to: string
  readonly state: ReplicationPair['state']
  readonly lagMs: number | null
  readonly isSame: boolean | null
  /** The sender's clock at what the receiver has. */
  readonly writtenAt: string | null
  readonly text: string
}

/** What `replication check --json` prints besides the usual. */
interface CheckData {
  readonly site: string | null
  readonly mode: string | null
  readonly pairs: readonly Pair[]
  /** Paths of `sameContent`, and what each region serves there. */
  readonly contents: readonly { readonly path: string; readonly isSame: boolean; readonly digests: Readonly<Record<string, string>> }[]
}

const nothing: CheckData = { site: null, mode: null, pairs: [], contents: [] }

const pairOf = ({ lagMs, isSame, writtenAt, ...pair }: ReplicationPair): Pair => ({
  ...pair,
  lagMs: lagMs ?? null,
  isSame: isSame ?? null,
  writtenAt: writtenAt === undefined ? null : new Date(writtenAt).toISOString(),
})

const contentOf = ({ path, digests }: Look['digests'][number]): CheckData['contents'][number] => ({ path, isSame: new Set(Object.values(digests)).size < 2, digests })

const colorOf = (state: Pair['state'], style: Style): ((text: string) => string) => {
  switch (state) {
    case 'ok':
      return style.green
    case 'behind':
    case 'missing':
      return style.red
    case 'ahead':
    case 'still':
    case 'unreachable':
      return style.yellow
  }
}

const table = (pairs: readonly Pair[], style: Style): string => {
  const head = ['FROM', 'TO', 'STATE', 'LAG', 'CONTENT', 'WRITTEN', '']
  const rows = pairs.map(({ from, to, state, lagMs, isSame, writtenAt, text }) => [from, to, state, lagMs === null ? '-' : `${lagMs / 1000} s`, isSame === null ? '-' : isSame ? 'same' : 'differs', writtenAt ?? '-', printable(text)])
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[], paint: (text: string, column: number) => string): string =>
    `  ${cells.map((cell, column) => paint(cell, column) + ' '.repeat(column === cells.length - 1 ? 0 : (widths[column] ?? 0) - cell.length)).join('  ').trimEnd()}\n`
  return [line(head, style.dim), ...pairs.map((pair, at) => line(rows[at] ?? [], (cell, column) => (column === 2 ? colorOf(pair.state, style)(cell) : cell)))].join('')
}

const text = ({ site, mode, pairs, contents }: CheckData, style: Style): string => {
  if (site === null) return ''
  const differing = contents.map(({ path, isSame, digests }) =>
    isSame ? `  ${printable(path)}: the same everywhere that could be asked\n` : `  ${style.red(`${printable(path)}: differs`)}: ${Object.entries(digests).map(([region, digest]) => `${region} ${digest.slice(0, 12)}`).join(', ')}\n`,
  )
  return `${style.bold(site)} (${mode})\n${table(pairs, style)}${differing.join('')}`
}

const act = async ({ loaded, sites }: VerbRun, options: CheckOptions, io: Io, signal: AbortSignal): Promise<Ending<CheckData>> => {
  const chosen = replicatedSite(sites)
  if (chosen.kind === 'none') return misused(nothing, chosen.message)
  const { site, replication } = chosen
  const bound = AbortSignal.any([signal, AbortSignal.timeout(options.totalMs)])
  const { answers, still, digests } = await lookAtReplication(loaded, site, replication, 'wait for writers', warnings(io, loaded.redact), bound)
  const pairs = replicationPairs(replication, answers, still).map(pairOf)
  const contents = digests.map(contentOf)
  const isFine = pairs.every(({ state }) => state === 'ok') && contents.every(({ isSame }) => isSame)
  return { exitCode: isFine ? 0 : 3, data: { site: site.name, mode: replication.mode, pairs, contents } }
}

/** Tells how each direction of a site's replication stands. Exit codes: 0 all fine; 3 behind, or cannot be told; 1 error. */
export const checkReplication = (options: CheckOptions, io: Io, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> =>
  runVerb<CheckData>(options, io, env, { nothing, act: (run) => act(run, options, io, signal), render: text })
