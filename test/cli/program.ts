import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

export type Bin = 'dns-reconcile' | 'dns-failover'

/** Starts one of the two programs as built, without colours unless `env` says otherwise. */
export const startProgram = (bin: Bin, args: readonly string[], env: NodeJS.ProcessEnv = {}): Running => {
  const file = fileURLToPath(new URL(`../../dist/cli/${bin}.js`, import.meta.url))
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], TZ: 'UTC', ...env } })
  const closed = once(child, 'close')
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await closed
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  return { child, ended: closed.then(() => ({ code: child.exitCode, stdout, stderr })) }
}

export const runProgram = (bin: Bin, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> => startProgram(bin, args, env).ended
