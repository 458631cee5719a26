import { momentText } from './moment.ts'
import { printable, type Style } from './style.ts'

/** Something that happened. `at`: ISO 8601, UTC. */
export interface EventReport {
  /** Grows with each event. */
  readonly id: number
  readonly at: string
  readonly site: string | null
  readonly region: string | null
  readonly address: string | null
  readonly kind: string
  readonly level: 'info' | 'warn' | 'error'
  readonly text: string
  readonly data: unknown
}

/** What `events --json` prints, besides what every verb does; with --follow one event a line instead. */
export interface EventsReport {
  readonly via: 'service' | 'state' | null
  /** The newest last. */
  readonly events: readonly EventReport[]
  /** Why something is missing. */
  readonly trouble: string | null
}

const plain = (text: string): string => text

export const eventText = ({ at, site, region, kind, level, text }: EventReport, style: Style): string => {
  const paint = level === 'error' ? style.red : level === 'warn' ? style.yellow : plain
  const where = [site, region].flatMap((each) => each ?? []).join(' ')
  return `${style.dim(momentText(at))} ${paint(kind)} ${style.bold(printable(where === '' ? '-' : where))}: ${paint(printable(text))}\n`
}

export const eventsText = ({ events }: EventsReport, style: Style): string => events.map((event) => eventText(event, style)).join('')
