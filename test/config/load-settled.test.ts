import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadSettled } from '../../src/config/load-settled.ts'
import { makeFolder } from '../store/folder.ts'

const token = (text: string): string => `${text}-cloudflare-token\n`
const site = (name: string): string => `  ${name}.example.com:
    regions: { msk: { addresses: [203.0.113.10] }, ams: { addresses: [198.51.100.20] } }
    check: { url: "http://{site}/" }
`
const config = (...sites: readonly string[]): string => `version: 1
providers: { cf: { type: cloudflare, apiTokenFile: token } }
sites:
${sites.map(site).join('')}`

/** Reads while these changes are made, one each time it waits. */
const load = async (...changes: readonly ((write: (name: string, text: string) => Promise<void>, dir: string) => Promise<void>)[]) => {
  const dir = await makeFolder()
  const write = (name: string, text: string): Promise<void> => writeFile(join(dir, name), text, { mode: 0o600 })
  await write('config.yaml', config('a'))
  await write('token', token('first'))
  let waits = 0
  const sleep = async (): Promise<void> => changes[waits++]?.(write, dir)
  const loaded = await loadSettled(join(dir, 'config.yaml'), {}, { sleep, settleMs: 300, withinMs: 1_500 }, new AbortController().signal)
  const { config: read, problems } = loaded?.ok === true ? { config: loaded.config, problems: [] } : { config: undefined, problems: loaded?.problems ?? [] }
  const cf = read?.providers['cf']
  return {
    waits,
    sites: read?.sites.map(({ name }) => name),
    token: cf?.type === 'cloudflare' ? cf.apiToken.reveal() : undefined,
    problems: problems.map(({ message }) => message),
  }
}
const [a, b] = ['a.example.com', 'b.example.com']

it('waits once for a config that nobody writes', async () => {
  expect(await load()).toEqual({ waits: 1, sites: [a], token: 'first-cloudflare-token', problems: [] })
})

it('takes a config that comes in pieces when it is whole', async () => {
  expect(await load((write) => write('config.yaml', config('a', 'b')))).toMatchObject({ waits: 2, sites: [a, b] })
})

it('does the same for a file that the config names', async () => {
  expect(await load((write) => write('token', 'sec'), (write) => write('token', token('second')))).toMatchObject({ waits: 3, token: 'second-cloudflare-token' })
})

it('notices a file put in the place of another that says the same', async () => {
  const swap = async (write: (name: string, text: string) => Promise<void>, dir: string): Promise<void> => {
    await write('next', config('a'))
    await rename(join(dir, 'next'), join(dir, 'config.yaml'))
  }
  expect(await load(swap)).toMatchObject({ waits: 2, sites: [a] })
})

it('refuses a config that is written to all the time', async () => {
  const changes = Array.from({ length: 9 }, (_, at) => (write: (name: string, text: string) => Promise<void>): Promise<void> => write('config.yaml', `${config('a')}# ${at}\n`))
  expect(await load(...changes)).toEqual({
    waits: 5,
    sites: undefined,
    token: undefined,
    problems: ['the config, or a file that it names, was still being written to after 1.5 s; read it again when it is whole'],
  })
})

it('gives up when it is told to', async () => {
  const over = new AbortController()
  const sleep = async (): Promise<void> => over.abort()
  expect(await loadSettled('/nowhere', {}, { sleep, settleMs: 300, withinMs: 1_500 }, over.signal)).toBeUndefined()
})
