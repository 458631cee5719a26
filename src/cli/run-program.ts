import { setMaxListeners } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Command, CommanderError } from 'commander'
import { drained } from './drained.ts'
import type { Invocation } from './invocation.ts'
import { processIo } from './process-io.ts'

const wrongUsage = 64

/** commander names its own kinds of ending; help and version are no errors. */
const isAnswered = (error: CommanderError): boolean => ['commander.helpDisplayed', 'commander.help', 'commander.version'].includes(error.code) && error.exitCode === 0

/** Every subcommand reports to us instead of ending the process. */
const prepare = (command: Command): Command => {
  command.exitOverride().configureHelp({ helpWidth: 110 }).showHelpAfterError('(add --help for more)')
  for (const each of command.commands) prepare(each)
  return command
}

const usageJson = (message: string): string =>
  `${JSON.stringify({ version: 1, exitCode: wrongUsage, dryRun: false, sites: [], error: { code: 'usage', message, outcome: null, obstacle: null, retryAfterMs: null } }, undefined, 2)}\n`

const failed = (error: unknown): number => {
  if (!(error instanceof CommanderError)) {
    process.stderr.write(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    return 1
  }
  if (isAnswered(error)) return 0
  if (process.argv.includes('--json')) process.stdout.write(usageJson(error.message.replace(/^error: /, '')))
  return wrongUsage
}

/** How long after its work is done, or after a signal, a process may linger on what did not end by itself. */
const lingerMs = 200
const interruptMs = 1_900
/** How long whoever reads our output may take for it: people with a pager, but no pipe that nobody reads. */
const readMs = 300_000

/** A reader that has gone away, as with `| head`, or a terminal that was closed, is no error of ours; a full disk is one. */
const readerGone: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'EIO', 'ERR_STREAM_DESTROYED'])

/**
 * Runs a command line. SIGINT and SIGTERM abort the verb, which then ends by itself; a second one, or 1.9 s, ends the
 * process with exit code 1. Otherwise it ends when its output has been read.
 */
export const runProgram = async (build: (invocation: Invocation) => Command): Promise<void> => {
  const controller = new AbortController()
  setMaxListeners(0, controller.signal)
  let exitCode = 0
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(1)
    controller.abort()
    setTimeout(() => process.exit(1), interruptMs).unref()
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  let unwritten: NodeJS.ErrnoException | undefined
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!readerGone.has(error.code ?? '')) unwritten ??= error
  })
  process.stderr.on('error', () => undefined)
  try {
    const program = prepare(
      build({
        io: (options) => processIo(process.env, options),
        env: process.env,
        signal: controller.signal,
        setExitCode: (code) => (exitCode = code),
      }),
    )
    await program.parseAsync()
  } catch (error) {
    exitCode = failed(error)
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
  process.exitCode = exitCode
  await Promise.all([drained(process.stdout, readMs), drained(process.stderr, readMs)])
  // A stream tells of its error a moment after it.
  await nextTurn()
  if (unwritten !== undefined) {
    process.stderr.write(`error: not all of the output could be written: ${unwritten.message}\n`)
    process.exitCode = 1
  }
  setTimeout(() => process.exit(), lingerMs).unref()
}
