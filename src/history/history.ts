import type { EngineEvent } from '../engine/events.ts'
import type { ChartReader, HistoryReader, SiteSample } from '../engine/history-port.ts'
import type { Actor } from '../engine/operations.ts'
import type { Retention } from './messages.ts'

export type EventLevel = 'info' | 'warn' | 'error'

export interface HistoryOptions {
  /** `<state>/history.sqlite`; made if there is none. `:memory:`: kept nowhere else. */
  readonly file: string
  /** How long events, minutes and hours are kept. Read anew each time: a getter follows the config. */
  readonly retention: Retention
  /** Engine milliseconds. */
  now(): number
  /** Milliseconds since the epoch. */
  wallNow(): number
  /** What was a moment of the engine's clock by the wall clock. */
  toWall(engineMs: number): number
  log(level: EventLevel, message: string): void
  /** An event as people read it. What is worth no more than `debug` is not kept. */
  lineOf(event: EngineEvent): { readonly level: EventLevel | 'debug'; readonly text: string }
  /** Takes secrets out of what people and other programs have written: texts, reasons, details. Default: there are none. */
  redact?(text: string): string
  /** The compiled worker; default: the one beside this file. */
  readonly workerUrl?: URL
}

/** What a service keeps of what happens. No method throws; those that tell it something do not wait either. */
export interface History extends HistoryReader, ChartReader {
  /** Something that the engine said, at this moment. */
  engine(event: EngineEvent): void
  /** An order or another act of a person's. */
  operator(entry: { readonly site: string | null; readonly region?: string | undefined; readonly actor: Actor; readonly text: string; readonly data: unknown }): void
  /** What an outside monitor sent, and what came of it. */
  webhook(entry: { readonly source: string; readonly site?: string | undefined; readonly region?: string | undefined; readonly level: EventLevel; readonly text: string; readonly data: unknown }): void
  /** The program itself. `data.event` is `started` or `reloaded` where all that it said before may end unsaid. */
  service(entry: { readonly level: EventLevel; readonly text: string; readonly data?: unknown }): void
  /** How every site stands; to be called every few seconds, for only time between two samples counts. */
  sample(sites: readonly SiteSample[]): void
  /** Writes what is not written yet, and ends the thread; within a second. */
  close(): Promise<void>
}
