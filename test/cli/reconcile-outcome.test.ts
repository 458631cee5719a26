import { expect, it } from 'vitest'
import { exitCodeOf } from '../../src/cli/reconcile-outcome.ts'

it.each([
  [[], 0],
  [['unchanged', 'applied'], 0],
  [['unchanged', 'planned'], 2],
  [['planned', 'held'], 3],
  [['held', 'unverified', 'planned'], 4],
  [['unverified', 'failed', 'held'], 1],
  [['unchanged', 'interrupted', 'unverified'], 1],
] as const)('the worst of %j is exit code %i', (outcomes, code) => expect(exitCodeOf(outcomes)).toBe(code))
