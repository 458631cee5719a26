import type { Schedule } from './schedule.ts'

export interface Edit {
  readonly file: string
  readonly from: string
  readonly to: string
}

export interface Mutation {
  readonly breaks: string
  readonly edits: readonly Edit[]
  /** A seed that is known to notice it, where the first that does is not among the first few: tried before all others. */
  readonly noticedBy?: number
  /** No other schedules can notice it. */
  readonly among?: (schedule: Schedule) => boolean
  /** It is noticed only where a site is one of many. */
  readonly isOneOfMany?: boolean
}

const hasReplacements = ({ operations }: Schedule): boolean => Object.keys(operations.replacements).length > 0
const hasMonitors = ({ operations }: Schedule): boolean => operations.sources.length > 0

/** Each breaks one of the rules for orders, words, drains or promotions on purpose. */
export const operationMutations: readonly Mutation[] = [
  {
    breaks: 'orders: a drain takes nothing out',
    edits: [{ file: 'core/decide.ts', from: "if (candidate.drain !== undefined) return withhold(candidate, 'drained')", to: '' }],
  },
  {
    breaks: 'orders: what is drained comes back though others serve',
    edits: [{ file: 'core/decide.ts', from: 'upTo: (policy) => policy.minPublished', to: 'upTo: () => 99' }],
  },
  {
    breaks: 'orders: what is drained by force comes back for want of others',
    edits: [{ file: 'core/decide.ts', from: 'choice.candidate.drain?.isForced !== true && ', to: '' }],
    noticedBy: 20,
  },
  {
    breaks: 'orders: what is forced down is published as the checks say',
    edits: [{ file: 'core/decide.ts', from: "if (candidate.force !== undefined) return candidate.force.to === 'up' ?", to: "if (candidate.force?.to === 'up') return true ?" }],
  },
  {
    breaks: 'orders: after a drain it comes back without having passed',
    edits: [{ file: 'core/decide.ts', from: "if (opinion === 'down') return withhold(candidate, 'down')", to: "if (opinion === 'down') return candidate.isPublished ? withhold(candidate, 'down') : publish(candidate, 'up')" }],
  },
  {
    breaks: 'orders: a drain does not end',
    edits: [
      { file: 'store/stored-orders.ts', from: 'drains: drains.filter((each) => isInForce(each, now))', to: 'drains' },
      { file: 'core/orders.ts', from: 'filter(([, { until }]) => !isOver(until, wallNow))', to: 'filter(() => true)' },
    ],
  },
  {
    breaks: 'orders: setting the clock ends them, or makes them last',
    edits: [{ file: 'core/orders.ts', from: 'return Math.max(elapsedMs(orderedAt, now),', to: 'return now.wallMs - orderedAt.wallMs || Math.max(' }],
  },
  {
    breaks: '1, never empty: drains empty an A set',
    edits: [
      { file: 'core/decide.ts', from: 'return mayBeEmpty && isSighted &&', to: 'return isSighted &&' },
      { file: 'core/guard.ts', from: "(key.type === 'AAAA' && (mode === 'family-down' || mode === 'family-drained') && facts.mayBeEmpty)", to: "mode === 'family-drained'" },
    ],
    noticedBy: 24,
  },
  {
    breaks: '3, blind: others decide for us',
    edits: [{ file: 'core/ballot.ts', from: "verdict.ballots.some((ballot) => ballot.opinion === 'abstain' && ballot.why === 'blind')", to: "verdict.ballots.every((ballot) => ballot.opinion === 'abstain' && ballot.why === 'blind')" }],
    noticedBy: 65,
  },
  {
    breaks: 'words: a lone vote takes out what we see up',
    among: hasMonitors,
    edits: [{ file: 'core/ballot.ts', from: 'if (down > up && isEnough(quorum ?? majority))', to: 'if (down > 0)' }],
  },
  {
    breaks: 'words: a lone vote brings back what we see down',
    among: hasMonitors,
    edits: [{ file: 'core/ballot.ts', from: 'if (up > down && ', to: 'if (up > 0 && ' }],
    noticedBy: 24,
  },
  {
    breaks: 'words: a hint decides',
    among: hasMonitors,
    edits: [
      { file: 'core/ballot.ts', from: "if (mode === undefined || mode === 'hint') return []", to: 'if (mode === undefined) return []' },
      { file: 'core/ballot.ts', from: "isOverride: mode === 'override'", to: "isOverride: mode !== 'vote'" },
      { file: 'engine/hearing.ts', from: "if (mode === 'hint') {", to: 'if (false) {' },
    ],
    noticedBy: 75,
  },
  {
    breaks: 'words: older news counts',
    among: hasMonitors,
    edits: [{ file: 'core/word.ts', from: "if (before !== undefined && eventAt < before.eventAt) return { words, hearing: 'older' }", to: '' }],
    noticedBy: 13,
  },
  {
    breaks: 'words: they are believed for ever',
    among: hasMonitors,
    edits: [{ file: 'core/word.ts', from: '.filter(({ expiresAt }) => expiresAt > now)', to: '' }],
  },
  {
    breaks: 'words: fewer than the quorum are enough',
    among: hasMonitors,
    edits: [{ file: 'core/ballot.ts', from: 'isEnough(quorum ?? majority)', to: 'isEnough(majority)' }],
    noticedBy: 123,
  },
  {
    breaks: 'words: on hearsay alone it is published',
    among: hasMonitors,
    edits: [{ file: 'core/ballot.ts', from: '|| !isHearsay(ballots)', to: '|| true' }],
  },
  {
    breaks: 'words: a split vote lets in what was judged down, for we see it up',
    among: hasMonitors,
    edits: [{ file: 'core/ballot.ts', from: 'last !== undefined && last !== asPublished && last === ownOpinion(verdict) ? { ...verdict, opinion: last, isKept: true }', to: "!isPublished && ownOpinion(verdict) === 'up' ? { ...verdict, opinion: 'up', isKept: true }" }],
    noticedBy: 24,
  },
  {
    breaks: 'words: a split vote takes out what was judged up, for we see it down',
    among: hasMonitors,
    edits: [{ file: 'core/ballot.ts', from: 'last !== undefined && last !== asPublished && last === ownOpinion(verdict) ? { ...verdict, opinion: last, isKept: true }', to: "isPublished && ownOpinion(verdict) === 'down' ? { ...verdict, opinion: 'down', isKept: true }" }],
    noticedBy: 30,
  },
  {
    breaks: 'words: failing open adds what has never passed',
    among: hasMonitors,
    edits: [{ file: 'core/decide.ts', from: "!('told' in ballot) && ballot.opinion !== 'abstain'", to: "ballot.opinion !== 'abstain'" }],
    noticedBy: 167,
  },
  {
    breaks: 'safe: TTLs do not count',
    edits: [{ file: 'core/exposure.ts', from: 'const until = at + version.ttl * 1000 + slackMs', to: 'const until = at' }],
  },
  {
    breaks: 'safe: said of addresses that nobody knows',
    edits: [{ file: 'engine/drain-watch.ts', from: ' || addresses.length === 0', to: '' }],
    noticedBy: 17,
  },
  {
    breaks: 'promotion: at once',
    among: hasReplacements,
    edits: [{ file: 'core/replacement.ts', from: 'due: dueInMs === 0 ? next.addresses : undefined', to: 'due: next.addresses' }],
  },
  {
    breaks: 'promotion: time before it was up counts',
    among: hasReplacements,
    edits: [{ file: 'core/promotion.ts', from: "if (is === 'up') return noPromotion", to: "if (is === 'up') return { ...promotion, countedAt: undefined }" }],
    noticedBy: 300,
  },
  {
    breaks: 'promotion: others keep the time from beginning anew',
    among: (schedule) => hasReplacements(schedule) && hasMonitors(schedule),
    edits: [{ file: 'core/promotion-facts.ts', from: "ballots.some((ballot) => ballot.opinion === 'up' && !('told' in ballot)) || ", to: '' }],
    noticedBy: 958,
  },
  {
    breaks: 'promotion: of a drained region',
    among: hasReplacements,
    edits: [{ file: 'core/promotion-facts.ts', from: 'if (drain !== undefined)', to: 'if (false)' }],
    noticedBy: 14,
  },
  {
    breaks: 'promotion: of a region that is forced down',
    among: hasReplacements,
    edits: [{ file: 'core/promotion-facts.ts', from: 'if (force !== undefined)', to: 'if (false)' }],
    noticedBy: 36,
  },
  {
    breaks: 'promotion: while the site is paused',
    among: hasReplacements,
    edits: [{ file: 'core/promotion-facts.ts', from: 'if (pause !== undefined)', to: 'if (false)' }],
    noticedBy: 16,
  },
  {
    breaks: 'promotion: orders that come at the last moment are not seen',
    among: hasReplacements,
    edits: [{ file: 'engine/promoter.ts', from: 'objection: () => objectionTo(due)', to: 'objection: async () => undefined' }],
    noticedBy: 1858,
  },
  {
    breaks: 'promotion: one server for two regions',
    among: hasReplacements,
    edits: [
      { file: 'core/replacement.ts', from: 'const takers = addresses.map(', to: 'const takers = [].map(' },
      { file: 'core/repoint-objection.ts', from: 'if (other === undefined) return undefined\n  return', to: 'if (true) return undefined\n  return' },
      { file: 'engine/promoter.ts', from: ' && claims.claim(each.to, each.region.name)', to: '' },
      { file: 'engine/promoter.ts', from: 'if (shared !== undefined) return shared', to: '' },
    ],
  },
  {
    breaks: 'promotion: of a server that does not pass',
    among: hasReplacements,
    edits: [
      { file: 'core/replacement.ts', from: "candidate.state === 'up' && ", to: '' },
      { file: 'engine/promoter.ts', from: 'isUnchecked: false', to: 'isUnchecked: true' },
    ],
    noticedBy: 61,
  },
  {
    breaks: 'promotion: the subdomain is left empty',
    among: hasReplacements,
    edits: [{ file: 'core/repoint.ts', from: 'const after = content(given,', to: 'const after = content([],' }],
  },
]
