import { expect, test } from 'vitest'
import { actionOf } from '../../../src/demo/live/key.ts'

test.each([
  ['1', { kind: 'select', at: 0 }],
  ['3', { kind: 'select', at: 2 }],
  ['4', { kind: 'nothing' }],
  ['0', { kind: 'nothing' }],
  ['k', { kind: 'become', state: 'killed' }],
  ['K', { kind: 'become', state: 'killed' }],
  ['f', { kind: 'become', state: 'frozen' }],
  ['e', { kind: 'become', state: 'answers-500' }],
  ['w', { kind: 'become', state: 'wrong-page' }],
  ['h', { kind: 'become', state: 'serving' }],
  ['a', { kind: 'heal-all' }],
  ['q', { kind: 'quit' }],
  ['\u0003', { kind: 'quit' }],
  ['\u0004', { kind: 'quit' }],
  ['\u001B[A', { kind: 'move', by: -1 }],
  ['\u001BOB', { kind: 'move', by: 1 }],
  ['\u001B', { kind: 'nothing' }],
  ['constructor', { kind: 'nothing' }],
])('%j', (key, action) => {
  expect(actionOf(key)).toEqual(action)
})
