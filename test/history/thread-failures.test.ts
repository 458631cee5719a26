import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { StoredEvent } from '../../src/engine/history-port.ts'
import { makeFolder } from '../store/folder.ts'
import { kindsIn, skippingClock, untilLogged, useHistories } from './running.ts'
import { down } from './samples.ts'

const start = useHistories()

const deaths: readonly (readonly [title: string, code: string, said: string])[] = [
  ['throws', "throw new Error('no more')", 'the thread that writes the history ended: no more'],
  ['exits', 'process.exit(3)', 'the thread that writes the history ended (exit code 3)'],
  ['uses up its memory', 'const all = []; for (;;) all.push(new Array(1e6).fill(0.5))', 'the thread that writes the history ended: Worker terminated due to reaching memory limit'],
  ['is not there', '', 'the thread that writes the history ended: Cannot find module'],
]

it.each(deaths)('goes on without a thread that %s, and with a new one', async (title, code, said) => {
  const folder = await makeFolder()
  const file = join(folder, 'history.sqlite')
  const bad = join(folder, 'worker.mjs')
  // Whatever it is told, it ends.
  if (title !== 'is not there') await writeFile(bad, `import { parentPort } from 'node:worker_threads'\nparentPort.once('message', () => { ${code} })\n`)
  const { options, skip } = skippingClock()
  const running = start(file, { ...options, workerUrl: new URL(`file://${bad}`) })
  running.history.engine(down())
  await untilLogged(running, 1)
  expect(running.lines[0]).toContain(said)
  const { events, trouble } = await running.history.events({ limit: 10 })
  expect([events.length, trouble]).toEqual([1, expect.stringContaining(said)])
  await writeFile(bad, `await import(${JSON.stringify(start.workerUrl().href)})\n`)
  skip(31_000)
  await untilLogged(running, 2)
  await running.history.close()
  expect(await kindsIn(file)).toEqual(['health'])
})

it('does not wait for a thread that hangs', async () => {
  const folder = await makeFolder()
  const hanging = join(folder, 'worker.mjs')
  await writeFile(hanging, `import { parentPort } from 'node:worker_threads'\nparentPort.once('message', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))\n`)
  const { options, skip } = skippingClock()
  const running = start(join(folder, 'history.sqlite'), { ...options, workerUrl: new URL(`file://${hanging}`) })
  const live: StoredEvent[] = []
  running.history.follow(undefined, (event) => live.push(event), new AbortController().signal)
  running.history.engine(down())
  skip(16_000)
  await untilLogged(running, 1)
  expect(running.lines[0]).toContain('nothing was heard of the disk for 15 s')
  expect(live).toHaveLength(1)
  const asked = performance.now()
  expect((await running.history.events({ limit: 1 })).trouble).toContain('did not answer within 5 s')
  expect(performance.now() - asked).toBeLessThan(30_000)
  const closing = performance.now()
  await running.history.close()
  expect(performance.now() - closing).toBeLessThan(30_000)
})

it('keeps no more questions than it may for a thread that hangs, before and after that is known', async () => {
  const folder = await makeFolder()
  const hanging = join(folder, 'worker.mjs')
  await writeFile(hanging, `import { parentPort } from 'node:worker_threads'\nparentPort.once('message', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))\n`)
  const { options, skip } = skippingClock()
  const running = start(join(folder, 'history.sqlite'), { ...options, workerUrl: new URL(`file://${hanging}`) })
  const ask = () => running.history.events({ limit: 1 })
  const waiting = Array.from({ length: 600 }, ask)
  expect((await ask()).trouble).toBe('the history cannot be read: 500 questions wait for an answer already')
  skip(16_000)
  await untilLogged(running, 1)
  expect((await ask()).trouble).toBe('the history cannot be read: 500 questions wait for an answer already')
  const troubles = (await Promise.all(waiting)).map(({ trouble }) => (trouble ?? '').includes('did not answer within 5 s'))
  // One message of the beginning waits as well.
  expect([troubles.filter((isLate) => isLate).length, troubles.length]).toEqual([499, 600])
})
