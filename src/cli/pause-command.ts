import { type Command, InvalidArgumentError } from 'commander'
import { durationOption } from './duration-option.ts'
import type { Invocation } from './invocation.ts'
import { operatorCommand, operatorOptions, type ParsedOperator } from './operator-command.ts'

const lengthOption = (text: string): number => {
  const ms = durationOption(text)
  if (ms <= 0) throw new InvalidArgumentError('a pause lasts longer than nothing, such as 1h')
  return ms
}

interface Parsed extends ParsedOperator {
  readonly site?: readonly string[]
}

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value]

const pauseHelp = `
Examples:
  $ dns-failover pause --config dns-failover.yaml --for 1h --reason "moving msk to new hardware"
  $ dns-failover pause --config dns-failover.yaml --site failover.example.com --for 30m --reason "DNS provider migrates"
  $ dns-failover pause --url https://failover.example.net --token-file token --for 1h --reason "moving"
  $ dns-failover resume --config dns-failover.yaml

Checks go on and the state is kept; nothing is written to DNS, neither by a running service nor by dns-reconcile (which
prints its plan and exits 3). Another pause replaces the first. It ends by itself, whatever is done to the clock
meanwhile. The service is told, if one runs; otherwise it is written down in the state directory, for whatever runs next.

Exit codes: 0 fine, 1 error, 64 wrong usage`

const resumeHelp = `
Examples:
  $ dns-failover resume --config dns-failover.yaml
  $ dns-failover resume --config dns-failover.yaml --site failover.example.com

Exit codes: 0 fine (also if nothing was paused), 1 error, 64 wrong usage`

/** The verb that has nothing written for a while. */
export const pauseCommand = (invocation: Invocation): Command =>
  operatorCommand('pause', 'Observe only for a while: check and plan, but write nothing.')
    .option('-s, --site <name>', 'only this site; may be given more than once', collect)
    .requiredOption('--for <duration>', 'for how long: 30m, 1h, 1d', lengthOption)
    .requiredOption('--reason <text>', 'why, for whoever finds it paused')
    .addHelpText('after', pauseHelp)
    .action(async (parsed: Parsed & { readonly for: number; readonly reason: string }) => {
      const { pause } = await import('./pause.ts')
      const options = { ...operatorOptions(parsed), sites: parsed.site ?? [], forMs: parsed.for, reason: parsed.reason }
      invocation.setExitCode(await pause(options, invocation.io({ color: parsed.color }), invocation.env, invocation.signal))
    })

/** The verb that ends a pause. */
export const resumeCommand = (invocation: Invocation): Command =>
  operatorCommand('resume', 'End a pause: write again.')
    .option('-s, --site <name>', 'only this site; may be given more than once', collect)
    .addHelpText('after', resumeHelp)
    .action(async (parsed: Parsed) => {
      const { resume } = await import('./pause.ts')
      const options = { ...operatorOptions(parsed), sites: parsed.site ?? [] }
      invocation.setExitCode(await resume(options, invocation.io({ color: parsed.color }), invocation.env, invocation.signal))
    })
