import { expect, it } from 'vitest'
import { createHttpReference } from '../../src/checks/reference.ts'
import type { Address } from '../../src/core/address.ts'
import type { Resolution } from '../../src/core/answer.ts'
import { startHttp, startTcp } from '../fakes/region-server.ts'
import { aChecker } from './checking.ts'

const never = new AbortController().signal
const found = (v4: readonly string[]): Resolution => ({
  v4: { kind: 'found', addresses: v4 as readonly Address[] },
  v6: { kind: 'nothing', detail: 'no AAAA' },
})
const gist = (answers: readonly { readonly address: Address; readonly answered: boolean }[]): object =>
  answers.map(({ address, answered }) => ({ address, answered }))

it('asks every address of the name whether it answers, however', async () => {
  const server = await startHttp((_, response) => response.writeHead(500).end())
  const asked: string[] = []
  const resolve = (name: string): Promise<Resolution> => {
    asked.push(name)
    return Promise.resolve(found(['127.0.0.1', '127.0.0.9']))
  }
  const reference = createHttpReference({ checker: aChecker(), resolve, totalMs: 2000 })
  const answers = await reference.ask(`http://one.example:${server.port}/`, never)
  expect(gist(answers)).toEqual([
    { address: '127.0.0.1', answered: true },
    { address: '127.0.0.9', answered: false },
  ])
  expect(asked).toEqual(['one.example'])
})

it('takes an address as it is, and nothing else for an answer', async () => {
  const web = await startHttp((_, response) => response.end())
  const noise = await startTcp((socket) => socket.end('220 ready\r\n'))
  const reference = createHttpReference({ checker: aChecker(), resolve: () => Promise.reject(new Error('not to be asked')), totalMs: 2000 })
  expect(gist(await reference.ask(`http://127.0.0.1:${web.port}/`, never))).toEqual([{ address: '127.0.0.1', answered: true }])
  expect(gist(await reference.ask(`http://127.0.0.1:${noise.port}/`, never))).toEqual([{ address: '127.0.0.1', answered: false }])
})

it('has nobody to ask where the name does not resolve', async () => {
  const failing: Resolution = { v4: { kind: 'failed', detail: 'SERVFAIL' }, v6: { kind: 'nothing', detail: 'no AAAA' } }
  const reference = createHttpReference({ checker: aChecker(), resolve: () => Promise.resolve(failing), totalMs: 2000 })
  expect(await reference.ask('https://one.example/', never)).toEqual([])
  expect(await reference.ask('one.example', never)).toEqual([])
})
