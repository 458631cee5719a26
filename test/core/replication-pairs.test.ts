import { describe, expect, it } from 'vitest'
import type { Answers } from '../../src/core/heartbeat-looks.ts'
import type { Copy } from '../../src/core/heartbeat.ts'
import { replicationPairs } from '../../src/core/replication-pairs.ts'
import { judgeWriterMove } from '../../src/core/writer-move.ts'
import { replication } from './replication-sample.ts'

const found = (counter: number, content = 'a', region = 'msk'): Copy => ({ askedAt: 0, kind: 'found', heartbeat: { region, counter, boot: 'b', writtenAt: counter * 1000, content } })
const failed: Copy = { askedAt: 0, kind: 'failed', detail: 'refused: ECONNREFUSED' }
const refusing: Copy = { askedAt: 0, kind: 'failed', detail: 'status 503', hasAnswered: true }
const missing: Copy = { askedAt: 0, kind: 'missing', detail: 'status 404' }
const of = (copies: Readonly<Record<string, Copy>>): Answers => Object.fromEntries(Object.entries(copies).map(([region, copy]) => [region, { msk: copy }]))

describe('how each pair stands', () => {
  const told = (answers: Answers, still: readonly string[] = []): readonly string[] =>
    replicationPairs(replication(), answers, still).map(({ from, to, state, lagMs, isSame, text }) => `${from}>${to} ${state} ${lagMs} ${isSame}: ${text}`)

  it.each<[string, Answers, readonly string[], readonly string[]]>([
    ['all well', of({ msk: found(10), ams: found(10), fra: found(9) }), [], ['msk>ams ok 0 true: has what the sender wrote last', 'msk>fra ok 5000 true: 5 s behind, as it may be']],
    ['a little behind on other content', of({ msk: found(10, 'b'), ams: found(4), fra: found(10, 'b') }), [], ['msk>ams ok 30000 false: 30 s behind, as it may be', 'msk>fra ok 0 true: has what the sender wrote last']],
    ['too far', of({ msk: found(10, 'b'), ams: found(3), fra: found(3, 'b') }), [], ['msk>ams behind 35000 false: 35 s behind, and the content differs', 'msk>fra behind 35000 true: 35 s behind, with the same content so far']],
    ['nothing came, and one is not there', of({ msk: found(10), ams: missing, fra: failed }), [], ['msk>ams missing undefined undefined: ams has no heartbeat of msk: nothing has ever come, or its web server does not hand it out', 'msk>fra unreachable undefined undefined: fra cannot be asked: refused: ECONNREFUSED']],
    ['one that hands out something else', of({ msk: found(10), ams: refusing, fra: found(10) }), [], ['msk>ams unreachable undefined undefined: ams answers, but not with its heartbeat of msk: status 503', 'msk>fra ok 0 true: has what the sender wrote last']],
    ['one a little later asked than the writer', of({ msk: found(10), ams: found(14), fra: found(10) }), [], ['msk>ams ok 0 true: has what the sender wrote last', 'msk>fra ok 0 true: has what the sender wrote last']],
    ['one with later heartbeats than the writer', of({ msk: found(10), ams: found(15), fra: found(10) }), [], ['msk>ams ahead undefined true: ams has number 15, and msk itself has come to 10: msk was restored from a backup, or two servers write in its name', 'msk>fra ok 0 true: has what the sender wrote last']],
    ['one without an address', of({ msk: found(10), ams: found(10) }), [], ['msk>ams ok 0 true: has what the sender wrote last', 'msk>fra unreachable undefined undefined: fra cannot be asked']],
    ['the writer is away', of({ msk: failed, ams: found(10), fra: found(10) }), [], ['msk>ams unreachable undefined undefined: msk cannot be asked: refused: ECONNREFUSED', 'msk>fra unreachable undefined undefined: msk cannot be asked: refused: ECONNREFUSED']],
    ['the writer stands still', of({ msk: found(10), ams: found(10), fra: missing }), ['msk'], ['msk>ams still 0 true: the sender writes no heartbeat any more: look at its heartbeat service', 'msk>fra missing undefined undefined: fra has no heartbeat of msk: nothing has ever come, or its web server does not hand it out']],
  ])('%s', (_, answers, still, lines) => {
    expect(told(answers, still)).toEqual(lines)
  })

  it('of a mesh by the heartbeat of each sender', () => {
    const hosts = { msk: replication().hosts['msk'], ams: replication().hosts['ams'] } as ReturnType<typeof replication>['hosts']
    const answers: Answers = { msk: { msk: found(20), ams: found(1, 'x', 'ams') }, ams: { msk: found(20), ams: found(9, 'y', 'ams') } }
    const pairs = replicationPairs(replication({ mode: 'two-way', hosts }), answers, [])
    expect(pairs.map(({ from, to, state, lagMs, writtenAt }) => [from, to, state, lagMs, writtenAt])).toEqual([
      ['msk', 'ams', 'ok', 0, 20_000],
      ['ams', 'msk', 'behind', 40_000, 1000],
    ])
  })
})

describe('whether another region may become the writer', () => {
  it.each<[string, Answers, ReturnType<typeof judgeWriterMove>['kind'], string]>([
    ['it has everything', of({ msk: found(10), ams: found(8), fra: failed }), 'planned', ''],
    ['the writer has more', of({ msk: found(10, 'b'), ams: found(8), fra: found(10, 'b') }), 'refused', 'msk is alive and has newer content: ams is 10 s behind, and the content differs'],
    ['it has what the writer never wrote', of({ msk: found(10, 'b'), ams: found(15), fra: found(10, 'b') }), 'refused', 'ams has a later heartbeat of msk (number 15) than msk itself (10), and the content differs: msk was restored from a backup, or two servers write in its name'],
    ['the writer is there, but without heartbeat', of({ msk: missing, ams: found(8), fra: found(8) }), 'refused', 'msk is alive, but has no heartbeat (status 404): what it has is not known'],
    ['the writer is there, but hands out something else', of({ msk: refusing, ams: found(8), fra: found(8) }), 'refused', 'msk is alive, but its heartbeat cannot be read (status 503): what it has is not known'],
    ['it hands out something else itself', of({ msk: found(10), ams: refusing, fra: found(10) }), 'refused', 'ams has no heartbeat of msk that can be read (status 503): what else it has is not known'],
    ['the writer is gone', of({ msk: failed, ams: found(8), fra: found(8) }), 'takeover', 'refused: ECONNREFUSED'],
    ['the writer is gone, and nobody else is there', of({ ams: found(8) }), 'takeover', 'it has no address'],
    ['the writer is gone, another has more', of({ msk: failed, ams: found(8), fra: found(9, 'b') }), 'refused', 'fra has newer content of msk: ams is 5 s behind, and the content differs'],
    ['the writer is gone, another is ahead with the same', of({ msk: failed, ams: found(8), fra: found(9) }), 'takeover', 'refused: ECONNREFUSED'],
    ['it never got anything', of({ msk: found(10), ams: missing, fra: found(10) }), 'refused', 'ams has no heartbeat of msk (status 404): what else it has is not known'],
    ['it is not there', of({ msk: failed, ams: failed, fra: found(10) }), 'refused', 'ams cannot be asked: refused: ECONNREFUSED'],
  ])('%s', (_, answers, kind, why) => {
    const move = judgeWriterMove(replication(), answers, 'ams')
    expect([move.kind, move.kind === 'refused' ? move.reason : move.kind === 'takeover' ? move.detail : '']).toEqual([kind, why])
  })
})
