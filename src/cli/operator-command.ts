import { Command } from 'commander'

/** The options that every verb takes which asks a service, as commander reads them. */
export interface ParsedOperator {
  readonly config?: string
  readonly url?: string
  readonly tokenFile?: string
  readonly json?: true
  readonly color: boolean
}

/** A verb that asks the service, at a URL or by a config. */
export const operatorCommand = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .option('-c, --config <file>', 'the config file: asks the service on this machine or, if none runs, goes by its state directory')
    .option('--url <url>', 'ask the service whose HTTP API is there (default: DNS_FAILOVER_URL)')
    .option('--token-file <file>', 'holds the token for --url (default: DNS_FAILOVER_TOKEN)')
    .option('--json', 'print the result as JSON, errors too')
    .option('--no-color', 'no colours, as if NO_COLOR were set')

/** What these options come to. */
export const operatorOptions = ({ config, url, tokenFile, json }: ParsedOperator) => ({ config, url, tokenFile, isJson: json === true })

/** How to say whom to ask, in each verb's help. */
export const reachHelp = `
With --config the service on this machine is asked, through the socket in its state directory; if none runs, it is done
from here, under the lock. With --url another one is asked, with a token from --token-file or DNS_FAILOVER_TOKEN.`
