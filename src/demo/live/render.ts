import { clockText, tookText } from '../../cli/render/duration.ts'
import { printable, type Style } from '../../cli/render/style.ts'
import type { Endpoint } from '../../core/endpoint.ts'
import type { ServerState } from '../server-state.ts'
import { stateText } from '../server-state.ts'
import { dashboardLine, type DashboardPlace, digLine } from '../start-demo.ts'
import { mainDomain, regions, type Settings, settingsText } from '../settings.ts'
import type { Board, RegionBoard } from './board.ts'
import { clip } from './clip.ts'
import { causeText, type Note } from './notes.ts'

/** What the live view shows. */
export interface Scene {
  readonly board: Board
  readonly servers: readonly { readonly state: ServerState; readonly pid: number | undefined }[]
  readonly nameServer: Endpoint
  readonly dashboard: DashboardPlace
  readonly webPort: number
  readonly settings: Settings
}

export interface Screen {
  readonly rows: number
  readonly columns: number
}

const widths = { region: 12, address: 11, server: 13, pid: 8, health: 32 }

/** Pads before it paints. */
const cell = (text: string, width: number, paint: (text: string) => string): string => paint(text.padEnd(width))

const plain = (text: string): string => text

const healthText = ({ health, last, streak }: RegionBoard, isInDns: boolean, { fall, rise }: Settings): string => {
  if (last === undefined) return 'not checked yet'
  if (last.kind === 'cannot-tell') return `${health} (last check: ${last.cause})`
  if (last.kind === 'failed') return health === 'down' ? `down: ${causeText(last)}` : `failing ${Math.min(streak, fall)}/${fall}: ${causeText(last)}`
  if (health !== 'up') return `${health}, passing ${Math.min(streak, rise)}/${rise}`
  return isInDns ? `up, answered in ${tookText(last.timing.totalMs)}` : 'up, waits: it fell repeatedly'
}

const healthPaint = (region: RegionBoard, style: Style): ((text: string) => string) => {
  if (region.health === 'down') return style.red
  return region.health === 'up' && region.last?.kind === 'ok' ? style.green : style.yellow
}

const regionLine = ({ board, servers, settings }: Scene, at: number, style: Style): string => {
  const region = regions[at]
  const known = board.regions[region?.name ?? '']
  const server = servers[at]
  if (region === undefined || known === undefined || server === undefined) return ''
  const isSelected = board.selected === at
  const isInDns = board.answer?.kind === 'answer' && board.answer.values.includes(region.address)
  return [
    cell(`${isSelected ? '>' : ' '} ${at + 1} ${region.name}`, widths.region, isSelected ? style.bold : plain),
    cell(region.address, widths.address, plain),
    cell(stateText[server.state], widths.server, server.state === 'serving' ? plain : style.yellow),
    cell(String(server.pid ?? '-'), widths.pid, style.dim),
    cell(healthText(known, isInDns, settings), widths.health, healthPaint(known, style)),
    isInDns ? style.green('yes') : style.red('no'),
  ].join('')
}

const tableHead = [
  '    REGION'.padEnd(widths.region),
  'ADDRESS'.padEnd(widths.address),
  'ITS SERVER'.padEnd(widths.server),
  'PID'.padEnd(widths.pid),
  'HEALTH, AS CHECKED'.padEnd(widths.health),
  'DNS',
].join('')

const answerText = ({ answer }: Board, style: Style): string => {
  if (answer === undefined) return style.dim('not asked yet')
  if (answer.kind === 'failed') return style.red(`no answer: ${printable(answer.detail)}`)
  if (answer.values.length === 0) return style.dim('no address yet')
  return `${style.bold(answer.values.join('  '))}  ${style.dim(`TTL ${answer.ttl} s`)}`
}

const noteLine = ({ wall, tone, text }: Note, style: Style): string => {
  const paint = { deed: style.yellow, good: style.green, bad: style.red, plain }[tone]
  return `  ${style.dim(clockText(new Date(wall).toISOString()))}  ${paint(printable(text))}`
}

const keyRows: readonly (readonly (readonly [key: string, does: string])[])[] = [
  [['1 2 3', 'choose a region'], ['k', 'kill it'], ['f', 'freeze it'], ['e', 'answer with 500']],
  [['q    ', 'quit'], ['h', 'heal it'], ['a', 'heal all'], ['w', 'serve a wrong page']],
]

const keyWidths = [25, 13, 15, 26]

const keys = (style: Style): readonly string[] =>
  keyRows.map((row) => `  ${row.map(([key, does], at) => `${style.bold(key)} ${does.padEnd((keyWidths[at] ?? 0) - key.length - 1)}`).join('')}`)

/** The lines of one picture: no more, and no longer, than fit. */
export const renderScene = (scene: Scene, screen: Screen, style: Style): readonly string[] => {
  const top = [
    dashboardLine(scene.dashboard, style),
    `${style.bold('dns-failover demo')}: three web servers, one name. Break one, and watch.`,
    ...settingsText(scene.settings).map(style.dim),
    '',
    `  In another terminal:  ${style.bold(digLine(scene.nameServer))}`,
    '',
    ...keys(style),
    '',
    style.dim(tableHead),
    ...regions.map((_, at) => regionLine(scene, at, style)),
    '',
    `  ${mainDomain} is now  ${answerText(scene.board, style)}`,
    '',
  ]
  const room = Math.max(0, screen.rows - top.length)
  const notes = room === 0 ? [] : scene.board.notes.slice(-room).map((note) => noteLine(note, style))
  return [...top, ...notes].slice(0, screen.rows).map((line) => clip(line, screen.columns))
}
