import { Command, Option } from 'commander'
import type { LogLevel } from '../compose/log.ts'
import { createHeldCall } from './held-call.ts'
import type { Invocation } from './invocation.ts'
import { keepYoungHeapSmall } from './lean-heap.ts'

interface Parsed {
  readonly config: string
  readonly logLevel: LogLevel
  readonly logFormat?: 'text' | 'json'
}

const helpText = `
Examples:
  $ dns-failover serve --config dns-failover.yaml
  $ DNS_FAILOVER_LOG_LEVEL=debug dns-failover serve --config dns-failover.yaml     every check, too
  $ kill -HUP PID      read the config again; one with problems is refused, and what it says as before is not touched
  $ kill PID           end: no new write, one that is under way gets 1.5 s; a second signal ends at once

Each change of state is logged once, on stderr: as lines on a terminal, otherwise as JSON.

Exit codes:
  0   ended by SIGTERM or SIGINT
  1   the config, a provider or the state directory is no good; or somebody took the lock away
  3   another process has the lock of the state directory
  64  wrong usage`

/** The verb that watches for ever. */
export const serveCommand = (invocation: Invocation): Command =>
  new Command('serve')
    .description('Watch all sites, and keep their DNS in line with what is found, until it is told to end.')
    .requiredOption('-c, --config <file>', 'the config file')
    .addOption(new Option('--log-level <level>', 'what to log').choices(['error', 'warn', 'info', 'debug']).env('DNS_FAILOVER_LOG_LEVEL').default('info'))
    .addOption(new Option('--log-format <format>', 'lines for people or JSON; default: lines on a terminal').choices(['text', 'json']).env('DNS_FAILOVER_LOG_FORMAT'))
    .addHelpText('after', helpText)
    .action(async (parsed: Parsed) => {
      // A SIGHUP during the start counts: the config may have changed after it was read.
      const reload = createHeldCall()
      let fault: ((error: unknown) => void) | undefined
      const onFault = (error: unknown): void => fault?.(error)
      // From the very start: without a listener SIGHUP would end the process.
      process.on('SIGHUP', reload.call)
      keepYoungHeapSmall()
      const { serve } = await import('./serve.ts')
      process.on('uncaughtException', onFault).on('unhandledRejection', onFault)
      const io = invocation.io({ color: false })
      try {
        const code = await serve(
          { config: parsed.config, logLevel: parsed.logLevel, logFormat: parsed.logFormat ?? (io.isWatched ? 'text' : 'json') },
          {
            env: invocation.env,
            stderr: io.stderr,
            onReload: reload.listen,
            onFault: (listener) => (fault = listener),
          },
          invocation.signal,
        )
        invocation.setExitCode(code)
      } finally {
        process.off('SIGHUP', reload.call).off('uncaughtException', onFault).off('unhandledRejection', onFault)
      }
    })
