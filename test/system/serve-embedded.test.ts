import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { encode } from 'dns-packet'
import { parseAddress } from '../../src/core/address.ts'
import { runProgram } from '../cli/program.ts'
import { startRegions } from '../cli/regions.ts'
import { decoded, exchangeUdp } from '../fakes/dns-exchange.ts'
import { makeFolder } from '../store/folder.ts'
import { type Line, startService } from './serve-bench.ts'

const [msk, ams, host, otherHost] = ['127.0.0.12', '127.0.0.13', '127.0.0.11', '127.0.0.14']
const name = 'failover.example.test'

interface Shape {
  readonly listen?: string
  /** Where the region msk is. */
  readonly mskAt?: string
  /** Other keys, right ones or wrong. */
  readonly more?: string
}

const makeBench = async () => {
  const dir = await makeFolder()
  const regions = await startRegions([msk, ams])
  onTestFinished(() => regions.close())
  const config = join(dir, 'dns-failover.yaml')
  // The regions' port is theirs alone on their addresses, so it is most likely free on these.
  const { port } = regions
  const write = ({ listen = host, mskAt = msk, more = '' }: Shape = {}): Promise<void> =>
    writeFile(
      config,
      `version: 1
providers:
  local: { type: embedded, listen: "${listen}:${port}", zone: example.test, records: { msk.example.test: { A: ${mskAt} } } }
sites:
  ${name}:
    allowPrivate: true
    regions: { msk: { service: msk.example.test }, ams: { addresses: [${ams}] } }
    check: { url: "http://{site}:${port}/", every: 300ms, fall: 2, rise: 2, confirmSpan: 100ms, timeout: 400ms }
${more}`,
    )
  const ask = async (asked: string, server = host): Promise<readonly string[]> => {
    const answer = await exchangeUdp({ address: parseAddress(server) ?? expect.fail(), port }, encode({ type: 'query', id: 5, questions: [{ name: asked, type: 'A' }] }), 500)
    return answer === undefined ? [] : (decoded(answer).answers ?? []).flatMap((record) => (record.type === 'A' ? [record.data] : [])).toSorted()
  }
  const untilPublished = async (values: readonly string[], server = host): Promise<void> => {
    while ((await ask(name, server)).join() !== values.join()) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await write()
  return { dir, config, port, write, ask, untilPublished }
}

describe('dns-failover serve with an embedded zone', () => {
  it('starts a provider anew whose config has changed, with its sites, and goes back to the old one if that fails', async () => {
    const bench = await makeBench()
    const service = startService(['serve', '--config', bench.config])
    await bench.untilPublished([msk, ams])
    const reload = async (text: string): Promise<readonly Line[]> => {
      const before = service.lines().length
      service.signal('SIGHUP')
      await service.until((lines) => lines.slice(before).some(({ message }) => message.includes(text)))
      return service.lines().slice(before)
    }
    await bench.write({ listen: otherHost })
    const moved = await reload('the config was read again')
    expect(moved.find(({ event }) => event === 'site-restarted')?.['cause']).toBe('its provider "local" has changed')
    expect(await bench.ask(name, otherHost)).toEqual([msk, ams])
    expect(await bench.ask(name)).toEqual([])

    const squatter = createSocket('udp4').bind(bench.port, host)
    await once(squatter, 'listening')
    await bench.write()
    const refused = await reload('stays in force')
    expect(refused.find(({ event }) => event === 'reload-refused')?.message).toContain('cannot start provider "local" (embedded)')
    squatter.close()
    expect(await bench.ask(name, otherHost)).toEqual([msk, ams])

    await reload('the config was read again')
    await bench.untilPublished([msk, ams])
    expect(service.lines().filter(({ event, to }) => event === 'health' && to === 'down')).toEqual([])
    service.signal('SIGTERM')
    expect(await service.ended).toEqual({ code: 0, signal: null })
  })

  it('names a token that was taken out in a config that it refuses for something else', async () => {
    const bench = await makeBench()
    await bench.write({ more: 'api: { listen: off, tokens: { ops: { token: operate-0123456789abcdef, scopes: [operate] } } }\n' })
    const service = startService(['serve', '--config', bench.config])
    await bench.untilPublished([msk, ams])
    await bench.write({ more: 'api: { listen: off }\noops: 1\n' })
    service.signal('SIGHUP')
    await service.until((lines) => lines.some(({ message }) => message.includes('the token')))
    const errors = service.lines().filter(({ event, level }) => event === 'reload-refused' && level === 'error')
    expect(errors.map(({ message }) => message)).toEqual([
      'the config was not taken, for the problem above; the one before stays in force. Tokens and all else are as before',
      'the token "ops" stays valid until a config is taken: the refused one has no such token that could be used',
    ])
    service.signal('SIGTERM')
    expect(await service.ended).toEqual({ code: 0, signal: null })
  })

  it('does not act on half a config, though it is a good one', async () => {
    const bench = await makeBench()
    const service = startService(['serve', '--config', bench.config, '--log-level', 'debug'])
    await bench.untilPublished([msk, ams])
    // The zone answers with a change before the write of it has ended.
    await service.until((lines) => lines.some(({ event }) => event === 'written'))
    const before = service.lines().length
    const whole = (await readFile(bench.config, 'utf8')).replace('every: 300ms', 'every: 400ms')
    // The regions last, so that a config can be good with another one in the place of those that follow.
    const region = `      msk: { service: msk.example.test }\n      ams: { addresses: [${ams}] }\n`
    const [check = ''] = /^ {4}check:.*\n/m.exec(whole) ?? []
    const inLines = (regions: string): string => whole.replace(check, '').replace(/^ {4}regions:.*\n/m, `${check}    regions:\n${regions}`)
    await writeFile(bench.config, inLines(region.replace(/^.*ams.*\n/m, '      third: { addresses: [127.0.0.15] }\n')))
    service.signal('SIGHUP')
    await new Promise((resolve) => setTimeout(resolve, 150))
    await writeFile(bench.config, inLines(region))
    await service.until((lines) => {
      const since = lines.slice(before)
      const reloadedAt = since.findIndex(({ event }) => event === 'reloaded')
      return reloadedAt !== -1 && since.slice(reloadedAt).filter(({ event, address }) => event === 'checked' && address === ams).length > 2
    })
    expect(service.lines().filter(({ address }) => address === '127.0.0.15')).toEqual([])
    expect(service.lines().slice(before).filter(({ event }) => ['site-restarted', 'written', 'health'].includes(event ?? '')).map(({ event }) => event)).toEqual(['site-restarted'])
    expect(await bench.ask(name)).toEqual([msk, ams])
  })

  it('follows a SIGHUP that came while it started', async () => {
    const bench = await makeBench()
    const service = startService(['serve', '--config', bench.config, '--log-level', 'debug'])
    const lockDir = join(bench.dir, 'state', 'lock')
    while (!existsSync(lockDir)) await new Promise((resolve) => setTimeout(resolve, 1))
    service.signal('SIGHUP')
    await service.untilSaid('the config was read again and says the same')
  })

  it('writes nothing more once somebody else has its lock, and ends with exit code 1', async () => {
    const bench = await makeBench()
    const service = startService(['serve', '--config', bench.config])
    await bench.untilPublished([msk, ams])
    const holder = join(bench.dir, 'state', 'lock', 'holder.json')
    await writeFile(holder, JSON.stringify({ ...JSON.parse(await readFile(holder, 'utf8')), nonce: 'somebody-else' }))
    expect(await service.ended).toEqual({ code: 1, signal: null })
    expect(service.lines().map(({ event }) => event)).toContain('lock-lost')
  })

  it('takes the level of its log from the environment, and shows every check when asked', async () => {
    const bench = await makeBench()
    const service = startService(['serve', '--config', bench.config], { DNS_FAILOVER_LOG_LEVEL: 'debug' })
    const lines = await service.until((all) => all.some(({ event }) => event === 'checked'))
    expect(lines.find(({ event }) => event === 'checked')).toMatchObject({ level: 'debug', site: name })
    service.signal('SIGTERM')
    await service.ended
    const wrong = await runProgram('dns-failover', ['serve', '--config', bench.config], { DNS_FAILOVER_LOG_LEVEL: 'loud' })
    expect({ code: wrong.code, stderr: wrong.stderr.split('\n')[0] }).toEqual({
      code: 64,
      stderr: "error: option '--log-level <level>' value 'loud' from env 'DNS_FAILOVER_LOG_LEVEL' is invalid. Allowed choices are error, warn, info, debug.",
    })
  })

  it('does not start with a bad config: every problem a line, exit code 1, no state', async () => {
    const dir = await makeFolder()
    const config = join(dir, 'dns-failover.yaml')
    await writeFile(config, 'version: 1\nproviders: { local: { type: embeded } }\nsites: {}\noops: 1\n')
    const service = startService(['serve', '--config', config])
    expect(await service.ended).toEqual({ code: 1, signal: null })
    expect(service.lines().map(({ level, line, column }) => ({ level, line, column }))).toEqual([
      { level: 'error', line: 2, column: 29 },
      { level: 'error', line: 3, column: 1 },
      { level: 'error', line: 4, column: 1 },
    ])
  })

  it('ends as fast as it can when it is told to before it has begun', async () => {
    const bench = await makeBench()
    const service = startService(['serve', '--config', bench.config])
    await service.until((lines) => lines.length > 0)
    service.signal('SIGTERM')
    expect(await service.ended).toEqual({ code: 0, signal: null })
  })
})
