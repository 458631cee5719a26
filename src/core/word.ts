/** What weight an outside monitor's word has. hint: it only starts a check. vote: one ballot. override: it decides alone. */
export type SourceMode = 'hint' | 'vote' | 'override'

/** What an outside monitor has said of a region, for as long as it is believed. Times: engine milliseconds. */
export interface Word {
  /** The config's name of the source: one vantage, however many monitors it has. */
  readonly source: string
  /** Which monitor of the source: its newest word replaces the one before. */
  readonly monitor: string
  readonly opinion: 'up' | 'down'
  readonly detail: string
  /** Since when this monitor has been saying so without a break. */
  readonly since: number
  readonly heardAt: number
  readonly expiresAt: number
  /** When it happened by the source's own clock, milliseconds since the epoch: an older one is no news. */
  readonly eventAt: number
}

/** What just came in, before it is known whether it is news. */
export interface NewWord extends Pick<Word, 'source' | 'monitor' | 'opinion' | 'detail' | 'eventAt'> {
  readonly region: string
  /** How long it is believed. Milliseconds. */
  readonly forMs: number
}

export type Hearing =
  /** Something else than before. */
  | 'news'
  /** The same once more: believed for longer. */
  | 'renewed'
  /** It happened before what is known already: nothing changes. */
  | 'older'

/** By region. */
export type Words = Readonly<Record<string, readonly Word[]>>

const own = (words: Words, region: string): readonly Word[] => (Object.hasOwn(words, region) ? (words[region] ?? []) : [])

/** The words that are believed at a time. */
export const wordsOn = (words: Words, region: string, now: number): readonly Word[] => own(words, region).filter(({ expiresAt }) => expiresAt > now)

const isSameMonitor = (a: Pick<Word, 'source' | 'monitor'>, b: Pick<Word, 'source' | 'monitor'>): boolean => a.source === b.source && a.monitor === b.monitor

/**
 * Monitors of one source that are remembered of a region: more than anybody has, and few enough to look through for each
 * word, however many names a source makes up.
 */
const mostMonitors = 500

/** How soon a word goes where there is no room: what is not believed, then what says that all is well; what ends first before the rest. */
const rank = ({ opinion, expiresAt }: Word, now: number): number => (expiresAt <= now ? 0 : opinion === 'up' ? 1 : 2)

const withRoom = (words: readonly Word[], source: string, now: number): readonly Word[] => {
  const said = words.filter((each) => each.source === source)
  if (said.length < mostMonitors) return words
  const first = said.reduce((a, b) => (rank(b, now) - rank(a, now) || b.expiresAt - a.expiresAt) < 0 ? b : a)
  return words.filter((each) => each !== first)
}

/** One word more. Of a monitor the newest counts, by its own clock. */
export const withWord = (words: Words, word: NewWord, now: number): { readonly words: Words; readonly hearing: Hearing } => {
  const { region, forMs, source, monitor, opinion, detail, eventAt } = word
  const before = own(words, region).find((each) => isSameMonitor(each, word))
  if (before !== undefined && eventAt < before.eventAt) return { words, hearing: 'older' }
  const isSame = before !== undefined && before.opinion === opinion && before.expiresAt > now
  const heard: Word = { source, monitor, opinion, detail, eventAt, since: isSame ? before.since : now, heardAt: now, expiresAt: now + forMs }
  const others = own(words, region).filter((each) => !isSameMonitor(each, word))
  return { words: { ...words, [region]: [...withRoom(others, source, now), heard] }, hearing: isSame ? 'renewed' : 'news' }
}

/** What was said of a region before it led elsewhere says nothing of the server that it leads to now; when it was said is remembered. */
export const withoutBelief = (words: Words, regions: readonly string[], now: number): Words => {
  if (regions.every((region) => wordsOn(words, region, now).length === 0)) return words
  const ended = (all: readonly Word[]): readonly Word[] => all.map((word) => ({ ...word, expiresAt: Math.min(word.expiresAt, now) }))
  return Object.fromEntries(Object.entries(words).map(([region, all]) => [region, regions.includes(region) ? ended(all) : all]))
}

/** The words that still matter: those believed, and those of late whose event time still tells older news from new. */
export const withoutOldWords = (words: Words, now: number): Words => {
  const remembered = 86_400_000
  const kept = Object.entries(words).map(([region, all]) => [region, all.filter(({ expiresAt }) => expiresAt + remembered > now)] as const)
  return Object.fromEntries(kept.filter(([, all]) => all.length > 0))
}
