import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('lab.mjs', import.meta.url))

export interface LabCommand {
  /** Runs a verb to its end and gives its stdout; rejects with all that it said if it fails. */
  (...args: readonly string[]): Promise<string>
  /** Starts one that goes on until its standard input ends. */
  start(...args: readonly string[]): ChildProcess
  /** The same, whatever its exit code is. */
  tried(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }>
  /** Builds it, for as long as this process lives: whatever ends it, the lab goes, too. */
  up(...options: readonly string[]): Promise<void>
  /** Ends what `up` has built. */
  down(): Promise<void>
}

/** The name of a lab for one suite of this checkout: those of another may run at the same time. */
export const labName = (suite: string): string => `${suite}-${createHash('sha256').update(program).digest('hex').slice(0, 8)}`

/** The lab's command line, for a lab of this name, so that one that somebody plays in is left alone. */
export const labNamed = (name: string): LabCommand => {
  const env = { ...process.env, LAB_NAME: name }
  let holder: ChildProcess | undefined
  const tried = (...args: readonly string[]): Promise<{ readonly code: number; readonly output: string; readonly stdout: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [program, ...args], { env, timeout: 150_000, killSignal: 'SIGKILL', maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, output: `${stdout}${stderr}` }),
      )
    })
  const run = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, output } = await tried(...args)
    if (code !== 0) throw new Error(`lab ${args.join(' ')}: exit code ${code}\n${output}`)
    return stdout
  }
  const start = (...args: readonly string[]): ChildProcess => spawn(process.execPath, [program, ...args], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const up = async (...options: readonly string[]): Promise<void> => {
    // Its input ends with this process. A group of its own: it has to outlive one that is killed as a whole.
    holder = spawn(process.execPath, [program, 'hold'], { env, stdio: ['pipe', 'ignore', 'inherit'], detached: true })
    await once(holder, 'spawn')
    await run('up', ...options)
  }
  const down = async (): Promise<void> => {
    await run('down')
    if (holder === undefined) return
    const ended = once(holder, 'exit')
    holder.stdin?.end()
    await ended
    holder = undefined
  }
  return Object.assign(run, { tried, start, up, down })
}

/** Why no lab can be built here; undefined if one can. */
export const labObstacle = (): string | undefined => {
  const { status, stderr } = spawnSync(process.execPath, [program, 'check'], { encoding: 'utf8' })
  return status === 0 ? undefined : stderr.trim().replace(/^lab: /, '')
}

/** The lines that a running command prints, as they come; `over` once it has ended. */
export const follow = (child: ChildProcess, heard: (line: string) => void): { readonly over: Promise<void> } => {
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    const lines = `${text}${part}`.split('\n')
    text = lines.pop() ?? ''
    for (const line of lines) heard(line)
  })
  child.stdin?.on('error', () => undefined)
  return { over: once(child, 'close').then(() => undefined) }
}
