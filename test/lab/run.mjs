import { execFile, spawn } from 'node:child_process'

/** What a lab command could not do, in words for people, and the exit code of the command. */
export class LabError extends Error {
  constructor(message, { exitCode = 1, ...options } = {}) {
    super(message, options)
    this.name = 'LabError'
    this.exitCode = exitCode
  }
}

/** Runs a program to its end and gives its stdout; fails with all that it said. */
export const run = (file, args, { input = '', timeoutMs = 120_000, env = process.env } = {}) =>
  new Promise((resolve, reject) => {
    const child = execFile(file, args, { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024, env }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new LabError(`${[file, ...args].join(' ').slice(0, 300)}: ${error.killed ? `not done within ${timeoutMs / 1000} s` : `exit code ${error.code}`}\n${stdout}${stderr}`.trim(), { cause: error }))
    })
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })

/** Runs a program in the place of this one, with its terminal; gives its exit code. */
export const runHere = (file, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'inherit' })
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })

/** Tries until it gives something else than undefined; fails after `withinMs` with what was waited for. */
export const until = async (what, attempt, withinMs = 60_000, everyMs = 50) => {
  const deadline = performance.now() + withinMs
  for (;;) {
    const found = await attempt()
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new LabError(`${what}: not within ${withinMs / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
