import { closeSync, openSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createChecker } from '../../src/checks/checker.ts'
import { descriptorLimit } from '../../src/checks/descriptor-limit.ts'
import { startHttp } from '../fakes/region-server.ts'
import { aCheck, gist, now } from './checking.ts'
import { watching } from './watching.ts'

const auto = aCheck({ tripwire: 'auto' })
const ok = { kind: 'ok', status: 200 }

it('no more wires are held than leave room for all else', async () => {
  const server = await startHttp((_, response) => response.end('Hello'))
  const checker = createChecker({ now, descriptors: 6 })
  const all = Array.from({ length: 5 }, () => watching(server, auto, { checker }))
  for (const each of all) expect(gist(await each.check())).toEqual(ok)
  await expect.poll(server.open, { timeout: 30_000 }).toBe(3)
})

const limit = descriptorLimit()

// Elsewhere nothing says how many there are, or there are too many to use them up.
it.skipIf(limit === undefined || limit > 70_000)('where descriptors run out, what is only held makes room for checks', async () => {
  const server = await startHttp((_, response) => response.end('Hello'))
  const checker = createChecker({ now })
  const [first, second, third] = [watching(server, auto, { checker }), watching(server, auto, { checker }), watching(server, auto, { checker })]
  await first.check()
  await second.check()
  expect(server.open()).toBe(2)
  const taken: number[] = []
  try {
    for (;;) taken.push(openSync('/dev/null', 'r'))
  } catch {
    expect(taken.length).toBeGreaterThan(0)
  }
  try {
    expect(gist(await third.check())).toEqual(ok)
  } finally {
    for (const each of taken) closeSync(each)
  }
  await server.idle()
  // None is held for a while.
  expect(gist(await first.check())).toEqual(ok)
  await server.idle()
  expect([first.wanted(), second.wanted(), third.wanted()]).toEqual([0, 0, 0])
})
