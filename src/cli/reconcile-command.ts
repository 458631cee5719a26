import { Command, Option } from 'commander'
import type { LogLevel } from '../compose/log.ts'
import { durationOption } from './duration-option.ts'
import type { Invocation } from './invocation.ts'
import { operatorCommand } from './operator-command.ts'

interface Parsed {
  readonly config?: string
  readonly url?: string
  readonly tokenFile?: string
  readonly site?: readonly string[]
  readonly dryRun?: true
  readonly json?: true
  readonly timeout?: number
  readonly verifyTimeout: number
  readonly logLevel: LogLevel
  readonly color: boolean
}

const helpText = (name: string): string => `
Examples:
  $ ${name} --config dns-failover.yaml --dry-run     what would be done, and why; writes nothing at all
  $ ${name} --config dns-failover.yaml               do it, and wait until the name servers answer with it
  $ ${name} --config dns-failover.yaml --site failover.example.com --json

Exit codes (of several sites the worst, in the order 1, 4, 3, 2, 0):
  0   fine: nothing was to do, or it is done and the name servers answer with it
  1   error: config, provider, state directory; or interrupted
  2   the dry run found changes
  3   held: too few addresses are up, one is not decided, nothing else answers us, the guard refused, the state could
      not be saved, or another process has the lock; each with its reason
  4   applied, but a name server still differs at the deadline, or none confirmed it
  64  wrong usage

A verdict takes "fall" or "rise" checks spanning "confirmSpan" (here 2 s unless the config says otherwise). Health,
damping and drains are shared with the service through the state directory. Results go to stdout, logs to stderr.`

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value]

const serviceHelp = `
If a service runs, it is asked to check, decide and write now; otherwise that is done from here, as dns-reconcile does.`

const described = (name: string, asksService: boolean): Command =>
  asksService
    ? operatorCommand(name, 'Check and bring the DNS in line now: by the service, or from here if none runs.')
    : new Command(name)
        .description('Check every region once, bring the DNS in line with what was found, and verify it at the name servers.')
        .requiredOption('-c, --config <file>', 'the config file')
        .option('--json', 'print the result as JSON, errors too')
        .option('--no-color', 'no colours, as if NO_COLOR were set')

/** The verb that reconciles once; `name` is how it is called. With `asksService` it leaves that to a service that runs. */
export const reconcileCommand = (name: string, fullName: string, invocation: Invocation, asksService = false): Command =>
  described(name, asksService)
    .option('-s, --site <name>', 'only this site; may be given more than once', collect)
    .option('-n, --dry-run', 'print the plan and write nothing: no records, no state, no lock')
    .addOption(new Option('--timeout <duration>', 'time for the checks; what is not decided by then stays as it is (default: 60s, or more where the config needs it)').argParser(durationOption))
    .addOption(new Option('--verify-timeout <duration>', 'time for the name servers to agree').argParser(durationOption).default(30_000, '30s'))
    .addOption(new Option('--log-level <level>', 'what to log on stderr').choices(['error', 'warn', 'info', 'debug']).default('warn'))
    .addHelpText('after', asksService ? `${helpText(fullName)}\n${serviceHelp}` : helpText(fullName))
    .action(async (parsed: Parsed) => {
      const options = {
        sites: parsed.site ?? [],
        isDryRun: parsed.dryRun === true,
        isJson: parsed.json === true,
        checksMs: parsed.timeout,
        verifyMs: parsed.verifyTimeout,
        logLevel: parsed.logLevel,
      }
      const { config = '', url, tokenFile } = parsed
      const io = invocation.io({ color: parsed.color })
      if (asksService) {
        const { reconcileByService } = await import('./reconcile-by-service.ts')
        return invocation.setExitCode(await reconcileByService({ ...options, config: parsed.config, url, tokenFile }, io, invocation.env, invocation.signal))
      }
      const { reconcile } = await import('./reconcile.ts')
      invocation.setExitCode(await reconcile({ ...options, config }, io, invocation.env, invocation.signal))
    })
