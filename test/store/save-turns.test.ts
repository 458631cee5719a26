import { expect, it } from 'vitest'
import { createSaveTurns } from '../../src/store/save-turns.ts'

interface Bench {
  readonly begun: string[]
  urgent(name: string): void
  flushing(name: string): void
  end(name: string): Promise<void>
  pass(ms: number): void
}

const makeBench = (): Bench => {
  let now = 0
  const turns = createSaveTurns(() => now)
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const save = (name: string) => (): Promise<void> => {
    begun.push(name)
    return new Promise((end) => ends.set(name, end))
  }
  return {
    begun,
    urgent: (name) => void turns.urgent(save(name)),
    flushing: (name) => void turns.flushing(save(name)),
    end: async (name) => {
      ends.get(name)?.()
      await new Promise(setImmediate)
    },
    pass: (ms) => {
      now += ms
    },
  }
}

it('lets those that a write waits for go before those that flush, many and two at once', async () => {
  const { begun, urgent, flushing, end } = makeBench()
  const named = (letter: string, from: number, to: number): readonly string[] => Array.from({ length: to - from + 1 }, (_, index) => `${letter}${from + index}`)
  for (const name of named('f', 1, 4)) flushing(name)
  for (const name of named('u', 1, 130)) urgent(name)
  await end('')
  expect(begun).toEqual(['f1', 'f2', ...named('u', 1, 128)])
  await end('u2')
  await end('f1')
  expect(begun.slice(130)).toEqual(['u129'])
  for (const name of ['u1', ...named('u', 3, 129)]) await end(name)
  expect(begun.slice(131)).toEqual(['u130'])
  await end('u130')
  expect(begun.slice(132)).toEqual(['f3'])
  await end('f2')
  expect(begun.slice(133)).toEqual(['f4'])
})

it('lets what flushes begin all the same once it has waited for two seconds', async () => {
  const { begun, urgent, flushing, end, pass } = makeBench()
  for (const name of ['u1', 'u2']) urgent(name)
  flushing('f1')
  pass(1_999)
  await end('u1')
  expect(begun).toEqual(['u1', 'u2'])
  pass(1)
  urgent('u3')
  await end('')
  expect(begun.toSorted()).toEqual(['f1', 'u1', 'u2', 'u3'])
})

it('goes on after one that fails, and says so to whoever asked for it', async () => {
  const turns = createSaveTurns(() => 0)
  const failing = turns.flushing(() => Promise.reject(new Error('the disk is full')))
  await expect(failing).rejects.toThrow('the disk is full')
  expect(await Promise.all([1, 2, 3].map((each) => turns.flushing(async () => each)))).toEqual([1, 2, 3])
})
