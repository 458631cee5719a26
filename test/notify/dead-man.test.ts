import { expect, it } from 'vitest'
import type { Log } from '../../src/notify/log.ts'
import { createDeadMan } from '../../src/notify/dead-man.ts'
import { fastClock } from './fast-clock.ts'
import { startReceiver } from './receiver.ts'

const start = (url: string, isWell: () => boolean, clock = fastClock(2_000)) => {
  const lines: string[] = []
  const log: Log = (level, message) => void lines.push(`${level} ${message}`)
  const deadMan = createDeadMan({ url: `${url}/s3cret-uuid`, everyMs: 60_000, isWell, clock, random: () => 0.5, log })
  return { lines, close: deadMan.close }
}

it('pings again and again while all is well, with nothing but the address', async () => {
  await using receiver = await startReceiver()
  const { lines, close } = start(receiver.url, () => true)
  await receiver.until(3)
  await close()
  const count = receiver.received.length
  expect(receiver.received.slice(0, 3).map(({ method, path, body }) => `${method} ${path} ${body}`)).toEqual(Array<string>(3).fill('GET /s3cret-uuid '))
  await fastClock(2_000).sleep(200_000, new AbortController().signal)
  expect([receiver.received.length, lines]).toEqual([count, []])
})

it('stays silent while it is not, and says so and its end once', async () => {
  let isWell = false
  await using receiver = await startReceiver()
  const { lines, close } = start(receiver.url, () => isWell)
  await expect.poll(() => lines.length).toBe(1)
  await fastClock(2_000).sleep(200_000, new AbortController().signal)
  expect(receiver.received).toEqual([])
  isWell = true
  await receiver.until(2)
  await close()
  const host = new URL(receiver.url).host
  expect(lines).toEqual([`warn not all is well here, so ${host} is not pinged; its alarm will go off if this lasts`, `info ${host} is pinged again`])
})

it('takes a question that cannot be answered for a no', async () => {
  await using receiver = await startReceiver()
  const { lines, close } = start(receiver.url, () => {
    throw new Error('boom')
  })
  await expect.poll(() => lines.length).toBe(1)
  await close()
  expect(receiver.received).toEqual([])
})

it('says nothing of a start that takes a moment', async () => {
  let looks = 0
  await using receiver = await startReceiver()
  const { lines, close } = start(receiver.url, () => ++looks > 3, fastClock(20))
  await receiver.until(1)
  await close()
  expect(lines).toEqual([])
})

it('tries once more, says twice as once, and when it works again', async () => {
  await using receiver = await startReceiver((response, before) => void response.writeHead(before === 1 || before >= 6 ? 200 : 500).end())
  const { lines, close } = start(receiver.url, () => true)
  await receiver.until(8)
  await close()
  const host = new URL(receiver.url).host
  expect(lines).toEqual([`warn the ping of ${host} failed, twice: HTTP 500; it goes on every 60 s`, `info ${host} is pinged again`])
})

it('ends at once while a ping hangs', async () => {
  await using receiver = await startReceiver(() => undefined)
  const { lines, close } = start(receiver.url, () => true)
  await receiver.until(1)
  const since = Date.now()
  await close()
  expect([Date.now() - since < 1_000, lines]).toEqual([true, []])
})
