import type { Copies } from './freshness.ts'
import type { Heartbeat } from './heartbeat.ts'

/** What was seen of a region's copies of one writer's heartbeat. Times: engine milliseconds. */
interface Seen {
  readonly heartbeat: Heartbeat
  /** How often it went on although its writer was another start of a machine, both at the look before and then. */
  readonly strangeMoves: number
  readonly strangeAt: number
}

/** By region and writer. */
export type SeenCopies = Readonly<Record<string, Readonly<Record<string, Seen>>>>

type Sources = Readonly<Record<string, { readonly heartbeat: Heartbeat }>>

const get = <T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined => (record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined)

/** One that was under way when a machine was started anew may still arrive, by way of a hub too; more than that has a writer of its own. */
const movesOfSecondWriter = 3
/** For how many heartbeats a strange move is remembered. */
const rememberedFor = 12

const seenOf = (before: Seen | undefined, heartbeat: Heartbeat, isForeign: boolean, everyMs: number, now: number): Seen => {
  const hasMoved = before !== undefined && (before.heartbeat.boot !== heartbeat.boot || before.heartbeat.counter !== heartbeat.counter)
  const known = before !== undefined && now - before.strangeAt <= rememberedFor * everyMs ? before : { strangeMoves: 0, strangeAt: Number.NEGATIVE_INFINITY }
  return hasMoved && isForeign ? { heartbeat, strangeMoves: known.strangeMoves + 1, strangeAt: now } : { heartbeat, strangeMoves: known.strangeMoves, strangeAt: known.strangeAt }
}

/** One look more. `sources`: what the writers were known to write at the look before. */
export const withSeen = (before: SeenCopies, copies: Copies, sources: Sources, everyMs: number, now: number): SeenCopies => {
  const latest = Object.entries(copies).map(([region, has]) => {
    const all = Object.entries(has).map(([writer, heartbeat]) => {
      const [source, sourceBefore] = [get(get(copies, writer), writer), get(sources, writer)?.heartbeat]
      const isForeign = writer !== region && source !== undefined && sourceBefore !== undefined && source.boot !== heartbeat.boot && sourceBefore.boot !== heartbeat.boot
      return [writer, seenOf(get(get(before, region), writer), heartbeat, isForeign, everyMs, now)] as const
    })
    return [region, { ...get(before, region), ...Object.fromEntries(all) }] as const
  })
  return { ...before, ...Object.fromEntries(latest) }
}

/** Whether a region has copies that somebody else goes on writing: they are no measure of what it lacks. */
export const hasStrangeCopies = (seen: SeenCopies, region: string, withinMs: number, now: number): boolean =>
  Object.values(get(seen, region) ?? {}).some(({ strangeAt }) => now - strangeAt <= withinMs)

/** Who writes in the name of a writer besides it, as far as a region shows it. */
export const secondWriters = (seen: SeenCopies): readonly { readonly region: string; readonly writer: string }[] =>
  Object.entries(seen).flatMap(([region, has]) => Object.entries(has).flatMap(([writer, { strangeMoves }]) => (strangeMoves >= movesOfSecondWriter ? [{ region, writer }] : [])))
