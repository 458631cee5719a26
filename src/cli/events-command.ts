import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Invocation } from './invocation.ts'
import { operatorCommand, operatorOptions, type ParsedOperator } from './operator-command.ts'
import { type Since, sinceOption } from './since-option.ts'

interface Parsed extends ParsedOperator {
  readonly site?: string
  readonly region?: string
  readonly kind?: readonly string[]
  readonly since?: Since
  readonly limit: number
  readonly follow?: true
}

const help = `
Examples:
  $ dns-failover events --config dns-failover.yaml --since 24h
  $ dns-failover events --config dns-failover.yaml --region msk --kind health,written --limit 20
  $ dns-failover events --url https://failover.example.net --token-file token --follow --json

The newest last. With --follow it goes on with what happens, over lost connections, until Ctrl-C; with --json that is one
object a line. If no service runs, what the last one wrote down is read.

Exit codes: 0 fine, 1 error, or the history cannot be read; 64 wrong usage`

const list = (text: string, previous: readonly string[] = []): readonly string[] => [...previous, ...text.split(',').filter((each) => each !== '')]

const limitOption = (text: string): number => {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > 1000) throw new InvalidArgumentError('write a number from 1 to 1000')
  return limit
}

/** The verb that tells what has happened. */
export const eventsCommand = (invocation: Invocation): Command =>
  operatorCommand('events', 'Tell what has happened: verdicts, writes, orders, words of monitors.')
    .option('-s, --site <name>', 'only of this site')
    .option('--region <name>', 'only of this region')
    .option('--kind <kinds>', 'only of these kinds: health, written, operator, ... (with commas)', list)
    .addOption(new Option('--since <when>', 'how long ago, or since when').argParser(sinceOption))
    .addOption(new Option('--limit <number>', 'the latest so many').argParser(limitOption).default(50))
    .option('-f, --follow', 'go on with what happens')
    .addHelpText('after', help)
    .action(async (parsed: Parsed) => {
      const { events } = await import('./events.ts')
      const options = {
        ...operatorOptions(parsed),
        site: parsed.site,
        region: parsed.region,
        kinds: parsed.kind ?? [],
        since: parsed.since,
        limit: parsed.limit,
        isFollowed: parsed.follow === true,
      }
      invocation.setExitCode(await events(options, invocation.io({ color: parsed.color }), invocation.env, invocation.signal))
    })
