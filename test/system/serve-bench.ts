import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { endpointText } from '../../src/core/endpoint.ts'
import { encode } from 'dns-packet'
import { type Regions, startRegions } from '../cli/regions.ts'
import { decoded, exchangeUdp } from '../fakes/dns-exchange.ts'
import { ddnsKey } from './servers/keys.ts'
import { startNamed } from './servers/named.ts'
import { openGate, type TcpGate } from './servers/tcp-gate.ts'
import type { ZoneServer } from './servers/zone-server.ts'

export const msk = '127.0.0.2'
export const ams = '127.0.0.3'
export const siteName = 'failover.serve.example'
export const otherName = 'other.serve.example'

export type Line = Readonly<Record<string, unknown>> & { readonly level: string; readonly message: string; readonly event?: string }

/** One `dns-failover serve` at work. */
export interface Service {
  readonly child: ChildProcess
  /** What it has logged, without single checks. */
  lines(): readonly Line[]
  /** Waits until enough has been logged; rejects if it ends before. */
  until(isEnough: (lines: readonly Line[]) => boolean): Promise<readonly Line[]>
  /** Until this text has been logged. */
  untilSaid(text: string): Promise<readonly Line[]>
  signal(signal: NodeJS.Signals): void
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
}

export interface Shape {
  readonly sites?: readonly string[]
  /** More lines of each check. */
  readonly check?: string
  readonly state?: string
  /** Anything after the sites. */
  readonly more?: string
}

export interface ServeBench {
  readonly server: ZoneServer
  readonly gate: TcpGate
  readonly regions: Regions
  readonly stateDir: string
  readonly folder: string
  write(shape?: Shape): Promise<void>
  /** By `wrap` the program can be run inside another, such as one that limits what it may do. */
  start(wrap?: (command: readonly string[]) => readonly string[]): Service
  health(wrap?: (command: readonly string[]) => readonly string[]): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>
  /** The A values of a name as the server answers. */
  published(name?: string): Promise<readonly string[]>
  /** Asks until it answers so. */
  untilPublished(values: readonly string[], name?: string): Promise<void>
  /** Forgets all state, and makes zone, gate and regions as at the start; nothing may run. */
  reset(): Promise<void>
  /** Every A set that the server answers with for the main domain, from now until it is called again. */
  watch(): () => Promise<readonly string[]>
  close(): Promise<void>
}

const program = fileURLToPath(new URL('../../dist/cli/dns-failover.js', import.meta.url))

const parseLines = (text: string): readonly Line[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line)

/** What is to be done at the end of a test, or of all that share something. */
export type AtEnd = (end: () => Promise<void>) => void

const follow = (child: ChildProcess, atEnd: AtEnd = onTestFinished): Service => {
  let text = ''
  let hasEnded = false
  let wake: () => void = () => undefined
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    text += part
    wake()
  })
  const ended = once(child, 'close').then(() => {
    hasEnded = true
    wake()
    return { code: child.exitCode, signal: child.signalCode }
  })
  atEnd(async () => {
    if (!hasEnded) child.kill('SIGKILL')
    await ended
  })
  const until = async (isEnough: (lines: readonly Line[]) => boolean): Promise<readonly Line[]> => {
    for (;;) {
      const lines = parseLines(text)
      if (isEnough(lines)) return lines
      if (hasEnded) throw new Error(`it ended before:\n${text}`)
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  return {
    child,
    lines: () => parseLines(text),
    until,
    untilSaid: (said) => until((lines) => lines.some(({ message }) => message.includes(said))),
    signal: (signal) => void child.kill(signal),
    ended,
  }
}

/** The program as built, with these arguments. */
export const startService = (args: readonly string[], env: NodeJS.ProcessEnv = {}, atEnd: AtEnd = onTestFinished, wrap: (command: readonly string[]) => readonly string[] = (command) => command): Service => {
  const [file = '', ...rest] = wrap([process.execPath, program, ...args])
  return follow(spawn(file, rest, { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env['PATH'], TZ: 'UTC', ...env } }), atEnd)
}

const answerOf = async (server: ZoneServer, name: string): Promise<string | undefined> => {
  const message = await exchangeUdp(server.endpoint, encode({ type: 'query', id: 77, questions: [{ name, type: 'A' }] }), 500)
  if (message === undefined) return undefined
  return (decoded(message).answers ?? [])
    .flatMap((record) => (record.type === 'A' ? [record.data] : []))
    .toSorted()
    .join(' ')
}

/** A real BIND whose updates pass a gate, two regions, and the program as built. */
export const startServeBench = async (): Promise<ServeBench> => {
  const server = await startNamed({ zone: 'serve.example', isSigned: false })
  const gate = await openGate(server.endpoint)
  const regions = await startRegions([msk, ams])
  const folder = await mkdtemp(join(tmpdir(), 'dns-failover-serve-'))
  const config = join(folder, 'dns-failover.yaml')
  const stateDir = join(folder, 'state')
  const site = (name: string, check: string): string => `
  ${name}:
    allowPrivate: true
    damping: { base: 0s, max: 0s }
    removalWindow: 0s
    regions:
      msk: { addresses: [${msk}] }
      ams: { addresses: [${ams}] }
    check: { url: "http://{site}:${regions.port}/", every: 500ms, fall: 2, rise: 2, confirmSpan: 100ms, timeout: 400ms${check} }`
  return {
    server,
    gate,
    regions,
    stateDir,
    folder,
    write: ({ sites = [siteName], check = '', state = stateDir, more = '' } = {}) =>
      writeFile(
        config,
        `version: 1
state: "${state}"
providers:
  bind: { type: rfc2136, server: "${endpointText(gate.endpoint)}", zone: serve.example, tsig: { name: ${ddnsKey.name}, algorithm: ${ddnsKey.algorithm}, secret: "\${TSIG_SECRET}" } }
nameservers: ["${endpointText(server.endpoint)}"]
sites:${sites.map((name) => site(name, check)).join('')}
${more}`,
      ),
    start: (wrap = (command) => command) => {
      const [file = '', ...args] = wrap([process.execPath, program, 'serve', '--config', config])
      const env = { PATH: process.env['PATH'], TZ: 'UTC', TSIG_SECRET: ddnsKey.secret }
      return follow(spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'], env }))
    },
    health: async (wrap = (command) => command) => {
      const [file = '', ...args] = wrap([process.execPath, program, 'health', '--config', config])
      const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'] } })
      let [stdout, stderr] = ['', '']
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
      await once(child, 'close')
      return { code: child.exitCode, stdout, stderr }
    },
    published: async (name = siteName) => (await answerOf(server, name))?.split(' ').filter((each) => each !== '') ?? [],
    untilPublished: async (values, name = siteName) => {
      for (;;) {
        if ((await answerOf(server, name)) === values.join(' ')) return
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    reset: async () => {
      gate.setFate({ kind: 'pass' })
      for (const address of [msk, ams]) regions.set(address, 'serve')
      await rm(stateDir, { recursive: true, force: true })
      const records = await server.transfer()
      const isOurs = (name: string): boolean => [siteName, otherName].some((each) => name.endsWith(each))
      await server.edit({ remove: records.filter(({ name }) => isOurs(name)).map(({ name, type }) => ({ name, type })) })
    },
    watch: () => {
      const seen: string[] = []
      const over = new AbortController()
      const done = (async () => {
        while (!over.signal.aborted) {
          const answer = await answerOf(server, siteName)
          if (answer !== undefined && answer !== seen.at(-1)) seen.push(answer)
          await new Promise((resolve) => setTimeout(resolve, 10))
        }
      })()
      return async () => {
        over.abort()
        await done
        return seen
      }
    },
    close: async () => {
      await gate.close()
      await regions.close()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
