import { expect, it } from 'vitest'
import { addressProof } from '../../src/core/proof.ts'
import { counted, emptyTally } from '../../src/core/tally.ts'
import { cannotTell, failed, ok, v4 } from './samples.ts'

const kinds = { p: ok, f: failed, c: cannotTell }
const proofAfter = (checks: string): string => {
  const tally = [...checks].reduce((sofar, each, at) => counted(sofar, kinds[each as keyof typeof kinds](at * 1000)), emptyTally)
  const { proof, text } = addressProof(v4(1), tally, { fall: 3, rise: 2 })
  return `${proof}: ${text}`
}

it.each([
  ['', 'open: not decided after 0 checks'],
  ['p', 'open: not decided after 1 check'],
  ['pp', 'passed: passed the check 2 times in a row'],
  ['ffpp', 'passed: passed the check 2 times in a row'],
  ['pcp', 'passed: passed the check 2 times in a row'],
  ['ff', 'open: not decided after 2 checks'],
  ['fff', 'failed: failed 3 of 3 checks: refused (connection refused)'],
  ['fpfpf', 'failed: failed 3 of 5 checks: refused (connection refused)'],
  ['pfpfp', 'failed: did not pass 2 times in a row within 5 checks: 2 of them failed'],
  ['cccc', 'open: not decided after 4 checks'],
  ['ccccc', 'cannot-tell: this machine cannot tell: no-route (no route to the host)'],
])('after %s: %s', (checks, expected) => {
  expect(proofAfter(checks)).toBe(expected)
})

it('asks no server more often than rise and fall together', () => {
  const all = (length: number): readonly string[] => (length === 0 ? [''] : all(length - 1).flatMap((rest) => ['p', 'f', 'c'].map((each) => rest + each)))
  expect(all(5).filter((checks) => proofAfter(checks).startsWith('open'))).toEqual([])
})
