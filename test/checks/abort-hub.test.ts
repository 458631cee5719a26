import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { createAbortHub } from '../../src/checks/abort-hub.ts'

it('needs one listener for many, and none for nobody', () => {
  const controller = new AbortController()
  const hub = createAbortHub()
  const leave = Array.from({ length: 100 }, () => hub.subscribe(controller.signal, () => {}))
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
  for (const each of leave) each()
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
})

it('calls whoever is still there, once, and each for its own signal', () => {
  const first = new AbortController()
  const second = new AbortController()
  const hub = createAbortHub()
  const called: string[] = []
  hub.subscribe(first.signal, () => called.push('a'))
  hub.subscribe(first.signal, () => called.push('b'))()
  hub.subscribe(second.signal, () => called.push('c'))
  first.abort()
  first.abort()
  expect(called).toEqual(['a'])
})

it('calls for a signal that aborted earlier', async () => {
  const hub = createAbortHub()
  const aborted = new Promise<string>((resolve) => hub.subscribe(AbortSignal.abort(), () => resolve('called')))
  expect(await aborted).toBe('called')
})

it('serves a signal again after everybody left', () => {
  const controller = new AbortController()
  const hub = createAbortHub()
  const called: string[] = []
  hub.subscribe(controller.signal, () => called.push('gone'))()
  hub.subscribe(controller.signal, () => called.push('here'))
  controller.abort()
  expect(called).toEqual(['here'])
})
