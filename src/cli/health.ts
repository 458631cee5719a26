import { dirname, resolve } from 'node:path'
import { readNamedFile } from '../config/named-files.ts'
import { parseYaml } from '../config/yaml-source.ts'
import { askHealth } from '../store/heartbeat.ts'
import type { HealthReport } from './health-report.ts'
import type { Io } from './io.ts'

export interface HealthOptions {
  readonly config: string
  /** Milliseconds for the answer. */
  readonly timeoutMs: number
}

/** Only where the state is: a config that was edited wrongly, and refused, does not make the service that runs unhealthy. */
const stateDirOf = async (file: string, env: NodeJS.ProcessEnv): Promise<string> => {
  const read = await readNamedFile(file)
  if (read.kind === 'failed') throw new Error(`cannot read the config ${file}: ${read.reason}`)
  const { tree } = parseYaml(read.text, env)
  const said = typeof tree.value === 'object' && tree.value !== null ? (tree.value as Readonly<Record<string, unknown>>)['state'] : undefined
  return resolve(dirname(resolve(file)), typeof said === 'string' ? said : './state')
}

const judge = async (options: HealthOptions, env: NodeJS.ProcessEnv): Promise<{ readonly ok: boolean; readonly text: string }> => {
  const dir = await stateDirOf(options.config, env)
  const answer = await askHealth(dir, options.timeoutMs)
  switch (answer.kind) {
    case 'nobody':
      return { ok: false, text: `no service runs on the state directory ${dir}` }
    case 'silent':
      return { ok: false, text: `the service on ${dir} does not answer within ${options.timeoutMs} ms: its loop stands still` }
    case 'answer': {
      const { ok, sites, stalled } = JSON.parse(answer.text) as HealthReport
      const text = stalled.map(({ site, seconds }) => `${site} stands still for ${seconds} s`).join('; ')
      return { ok, text: ok ? `ok: ${sites === 1 ? 'one site is' : `${sites} sites are`} watched` : text }
    }
  }
}

/** Asks a running service whether its loops go round. Exit code: 0 they do, 1 they do not, or nobody runs. */
export const health = async (options: HealthOptions, io: Io, env: NodeJS.ProcessEnv): Promise<number> => {
  try {
    const { ok, text } = await judge(options, env)
    if (ok) io.stdout(`${text}\n`)
    else io.stderr(`error: ${text}\n`)
    return ok ? 0 : 1
  } catch (error) {
    io.stderr(`error: ${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}
