import { endpointText } from '../../core/endpoint.ts'
import type { Address } from '../../core/address.ts'
import { inText, tookText, whenText } from './duration.ts'
import type { SiteReport } from './json.ts'
import { printable, type Style } from './style.ts'

type VerificationReport = SiteReport['verifications'][number]
type ServerStanding = VerificationReport['servers'][number]

const serverText = ({ name, address, port }: ServerStanding): string => {
  const endpoint = endpointText({ address: address as Address, port })
  return name === endpoint ? name : `${name} (${endpoint})`
}

const standingText = (server: ServerStanding, style: Style): string => {
  switch (server.standing) {
    case 'agrees':
      return style.green(`agrees after ${tookText(server.agreedAfterMs ?? 0)}`)
    case 'differs':
      return style.red(`differs: ${server.values === null ? printable(server.detail ?? '') : `has ${server.values.join(', ') || 'nothing'}`}`)
    case 'lame':
    case 'unreachable':
      return style.yellow(`${server.standing}: ${printable(server.detail ?? '')}`)
  }
}

/** Where all agree and there is still no such moment, the set is new. */
const unknownMove = (servers: readonly ServerStanding[]): string =>
  servers.every(({ standing }) => standing === 'agrees')
    ? "there was no such record before, and who has asked in vain may remember that for as long as the zone's SOA says"
    : 'when all clients have moved is not known, for a name server did not answer'

const conclusion = ({ outcome, servers, timeToEffectMs, movedAt, movedAfterMs }: VerificationReport): string => {
  switch (outcome) {
    case 'agreed': {
      const moved =
        movedAt === null || movedAfterMs === null
          ? unknownMove(servers)
          : `clients that honour TTLs have moved by ${whenText(movedAt, Date.parse(movedAt) - movedAfterMs)} (in ${inText(movedAfterMs)})`
      return `in effect after ${tookText(timeToEffectMs ?? 0)}; ${moved}`
    }
    case 'disagreed':
      return 'not in effect everywhere: a name server still differs; look at its transfers (NOTIFY, allow-transfer), or raise --verify-timeout'
    case 'unconfirmed':
      return servers.length === 0
        ? 'not confirmed: no authoritative name server was found; set "nameservers:" in the config'
        : 'not confirmed: no name server answers for the zone; check "nameservers:" in the config, and that UDP and TCP get through'
  }
}

const atProvider = ({ name, type, outcome, timeToEffectMs }: VerificationReport, style: Style): string => {
  const said = {
    agreed: `the provider shows it after ${tookText(timeToEffectMs ?? 0)}; visitors get the proxy's own addresses, so the name servers cannot`,
    disagreed: 'the provider does not show what was written; look at the records there',
    unconfirmed: 'not confirmed: the provider could not be read',
  }[outcome]
  return `  ${style.bold(`${name} ${type}`)} at the provider, for the name is proxied\n    ${outcome === 'agreed' ? said : style.red(said)}\n`
}

/** What the name servers said of one change, one by one. */
export const verificationText = (verification: VerificationReport, style: Style): string => {
  if (verification.source === 'provider') return atProvider(verification, style)
  const { name, type, servers, serials, outcome } = verification
  const width = Math.max(0, ...servers.map((server) => serverText(server).length))
  const isSplit = serials.length > 1
  const lines = servers.map((server) => {
    const serial = isSplit && server.serial !== null ? `, serial ${server.serial}` : ''
    return `    ${serverText(server).padEnd(width)}  ${standingText(server, style)}${serial}`
  })
  const end = outcome === 'agreed' ? conclusion(verification) : style.red(conclusion(verification))
  return `${[`  ${style.bold(`${name} ${type}`)} at the name servers`, ...lines, `    ${end}`].join('\n')}\n`
}
