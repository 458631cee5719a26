import type { Mutation } from './operation-mutations.ts'

/** Each lets speed break a rule: checks beside each other, records read ahead, sites at rest, waits that end by themselves, connections that are held open. */
export const speedMutations: readonly Mutation[] = [
  {
    breaks: '3, nobody is asked beside the checks that would confirm a silence',
    edits: [{ file: 'engine/check-loops.ts', from: 'onBeside: (firstAt, secondAt) => lookBeside({ address, firstAt, secondAt })', to: 'onBeside: () => undefined' }],
  },
  {
    breaks: '3, whoever has answered before and after bears witness of the time between',
    edits: [{ file: 'core/overlap.ts', from: 'firstAt > after && secondAt + slackMs < until', to: 'false' }],
    noticedBy: 1515,
  },
  {
    breaks: '2, results count in the order in which the checks end',
    edits: [{ file: 'engine/check-round.ts', from: 'if (before !== undefined) await before', to: '' }],
  },
  {
    breaks: 'fast: a silent server costs a timeout for each check',
    edits: [{ file: 'core/habit.ts', from: 'if (passes < leastPasses)', to: 'if (passes >= 0)' }],
    noticedBy: 60,
  },
  {
    breaks: '5, from a known before: a plan rests on a reading from before the last write',
    edits: [
      { file: 'core/early-reading.ts', from: 'startedAt >= since && now', to: 'now' },
      { file: 'engine/early-reading.ts', from: 'startedAt !== undefined && startedAt >= since', to: 'startedAt !== undefined' },
    ],
  },
  {
    breaks: '5, from a known before: a plan rests on a reading from long ago',
    edits: [{ file: 'core/early-reading.ts', from: 'now - startedAt <= longestEarlyMs', to: 'true' }],
    noticedBy: 29,
  },
  {
    breaks: '5, from a known before: a plan rests on an early reading where the provider does not compare',
    edits: [
      { file: 'engine/early-reading.ts', from: '!provider.capabilities.compareAndSet || ', to: '' },
      { file: 'engine/cycle.ts', from: 'read === foreseen && ports.provider.capabilities.compareAndSet &&', to: 'read === foreseen &&' },
    ],
  },
  {
    breaks: 'orders: on records that were read ahead those count that were known before',
    edits: [{ file: 'engine/cycle.ts', from: 'const state = withOrders(pruned({ ...stateNow(), removals }, site, read.current), orders)', to: 'const before = pruned({ ...stateNow(), removals }, site, read.current)\n    const state = read === foreseen ? before : withOrders(before, orders)' }],
    noticedBy: 664,
  },
  {
    breaks: 'orders: a site at rest hears of none',
    edits: [{ file: 'core/rest.ts', from: '[drains, forces, words, stale, catchingUp].every(isEmpty)', to: '[words, stale, catchingUp].every(isEmpty)' }],
    noticedBy: 740,
  },
  {
    breaks: 'fast: a wait for re-admission ends at the next tick',
    edits: [{ file: 'core/moments-ahead.ts', from: "state === 'up' && readmitAt !== undefined ? [readmitAt] : []", to: '[]' }],
    noticedBy: 101,
  },
  {
    breaks: 'fast: a site at rest is never decided again before the next audit',
    edits: [{ file: 'engine/run-site.ts', from: 'idle !== undefined && isSameRest(', to: 'idle !== undefined && (() => true)(' }],
    noticedBy: 26,
  },
  {
    breaks: 'fast: the checks that were started beside each other count twice',
    edits: [{ file: 'engine/check-round.ts', from: 'if (!signal.aborted) join(result)', to: 'if (!signal.aborted) join(result)\n      if (!signal.aborted && before !== undefined) join(result)' }],
    noticedBy: 56,
  },
  {
    // Each alone hides the others: the regions are resolved anew every few seconds, and what is retired is gone through with each reading. `rest.test.ts` tries them one by one.
    breaks: 'rest: it lasts though the records have changed, or where the regions lead',
    isOneOfMany: true,
    noticedBy: 92,
    edits: [
      { file: 'core/rest.ts', from: 'before.current === after.current &&', to: '' },
      { file: 'core/rest.ts', from: 'before.state.regions === after.state.regions &&', to: '' },
      { file: 'core/rest.ts', from: 'before.state.retired === after.state.retired &&', to: '' },
    ],
  },
  {
    breaks: 'rest: it lasts whatever the checks say',
    edits: [{ file: 'core/rest.ts', from: 'isPairwise(before.state.health, after.state.health, isAsQuiet)', to: 'true' }],
    noticedBy: 50,
  },
  {
    breaks: 'rest: it begins though it is known already that a region is to go out',
    edits: [{ file: 'core/rest.ts', from: '  isLeftAlone(after.state) &&\n', to: '' }],
    noticedBy: 81,
  },
  {
    breaks: 'rest: it lasts though an order has ended',
    edits: [{ file: 'core/rest.ts', from: '  isLeftAlone(before.state) &&\n', to: '' }],
  },
  {
    breaks: 'rest: it lasts though a region is drained',
    edits: [{ file: 'core/rest.ts', from: '[drains, forces, words, stale, catchingUp].every(isEmpty)', to: '[forces, words, stale, catchingUp].every(isEmpty)' }],
    noticedBy: 740,
  },
  {
    breaks: 'rest: it lasts though a monitor has spoken',
    edits: [{ file: 'core/rest.ts', from: '[drains, forces, words, stale, catchingUp].every(isEmpty)', to: '[drains, forces, stale, catchingUp].every(isEmpty)' }],
    noticedBy: 24,
  },
  {
    breaks: 'fast: what a removal holds back waits for the next tick',
    edits: [{ file: 'core/moments-ahead.ts', from: '...removals.flatMap((removal) => endsOf(removal, policy.budgetWindowMs)),', to: '' }],
  },
  {
    breaks: 'fast: a closing brings no check',
    isOneOfMany: true,
    edits: [{ file: 'engine/check-loops.ts', from: 'checkNow: () => checkSoon([target.address])', to: 'checkNow: () => undefined' }],
  },
  {
    breaks: '2, a closing is a verdict',
    isOneOfMany: true,
    edits: [
      {
        file: 'engine/check-loops.ts',
        from: 'checkNow: () => checkSoon([target.address])',
        to: "checkNow: () => {\n        checkSoon([target.address])\n        join(target, { kind: 'failed', cause: 'refused', detail: 'closed', startedAt: ports.clock.now(), finishedAt: ports.clock.now(), timing: { totalMs: 0 } })\n      }",
      },
    ],
  },
  {
    breaks: 'fast: a server that goes on closing is checked without end',
    isOneOfMany: true,
    edits: [{ file: 'engine/check-loops.ts', from: 'createHintPace(hintGapMs(check), ports.clock, hint', to: 'createHintPace(0, ports.clock, hint' }],
  },
]
