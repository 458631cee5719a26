import { setMaxListeners } from 'node:events'
import { parseAddress, type Address } from '../../core/address.ts'
import { ordersAt } from '../../core/orders.ts'
import type { LiveSite } from '../live-site.ts'
import type { Actor, Outcome, RepointRequest } from '../operations.ts'
import { planText, plannedChangeView } from '../plan-view.ts'
import { repoint } from '../repoint.ts'
import type { RepointResult } from '../repoint-result.ts'
import { verificationView } from '../verification-view.ts'
import type { RepointView } from '../views.ts'
import { byLine, refused } from './refusal.ts'

/** From the write until a name server that still differs counts as disagreeing. Milliseconds. */
const verifyMs = 15_000
/** The main domain follows at once; whoever ordered it does not wait longer than this for its first step. Milliseconds. */
const followMs = 5_000

type Shown = Extract<RepointResult, { kind: 'done' | 'planned' | 'unchanged' }>

const viewOf = (result: Shown, live: LiveSite, { region, isDryRun }: RepointRequest): RepointView => {
  const { clock } = live.ports
  const planned = result.kind === 'planned' ? result.changes : result.writes.map(({ change }) => change)
  const changes = planned.map((change) => plannedChangeView(change, undefined))
  const verified = result.kind === 'done' ? result.verifications.map((each) => verificationView(each, clock.wallNow(), clock)) : []
  const worst = verified.find(({ outcome }) => outcome !== 'agreed') ?? verified.at(-1)
  return {
    site: live.view(),
    region,
    isDryRun,
    service: result.service,
    changes,
    text: result.kind === 'unchanged' ? `${result.service} leads there already` : planText(changes),
    checks: result.checks.map(({ address, proof, text }) => ({ address, ok: proof === 'passed', text })),
    verification: worst ?? null,
  }
}

/** A spare that is just being promoted for another region is not given to this one. */
const claimAll = ({ claims, site }: LiveSite, region: string, addresses: readonly Address[]): Outcome<never> | undefined => {
  for (const address of addresses) {
    const holder = claims.takenBy(address, region)
    if (holder?.site === site.name) return refused('address-taken', `${address} serves region ${holder.region}, or is about to`)
  }
  claims.claim(addresses, region)
  return undefined
}

/** A pause that was ordered while the replacement was being checked. */
const pausedNow = async ({ ports, site }: LiveSite): Promise<string | undefined> => {
  const { pause } = ordersAt(await ports.orders.load(site.name), ports.clock.wallNow())
  return pause === undefined ? undefined : `site ${site.name} is paused by ${pause.by}: ${pause.reason}`
}

/** Points a region's service subdomain elsewhere; the main domain follows by the site's own cycle. */
export const repointRegion = async (live: LiveSite, request: RepointRequest, actor: Actor, signal: AbortSignal): Promise<Outcome<RepointView>> => {
  const { site, ports } = live
  const { region, keepsOtherFamily, isUnchecked, isDryRun } = request
  const addresses: Address[] = []
  for (const text of request.addresses) {
    const address = parseAddress(text)
    if (address === undefined) return refused('bad-address', `${JSON.stringify(text)} is not an IPv4 or IPv6 address`)
    addresses.push(address)
  }
  const pause = live.orders().pause
  if (pause !== undefined && !isDryRun) return refused('paused', `site ${site.name} is paused by ${pause.by}: ${pause.reason}`, 'end the pause first (resume)')
  const claimed = isDryRun ? undefined : claimAll(live, region, addresses)
  if (claimed !== undefined) return claimed
  const options = { keepsOtherFamily, isUnchecked, isDryRun, verifyMs, objection: () => pausedNow(live), onWritten: () => void live.reconcile(AbortSignal.timeout(followMs)).catch(() => undefined) }
  const until = AbortSignal.any([signal, live.signal])
  // Each question to a name server listens, and there may be many.
  setMaxListeners(0, until)
  const result = await repoint(site, live.state, region, addresses, options, ports, until)
  if (result.kind !== 'done' && !isDryRun) live.claims.release(region)
  switch (result.kind) {
    case 'refused':
      return refused(result.code, result.mayHaveWritten ? `${result.text}; it may have been written in part: look at the zone` : result.text, result.advice)
    case 'called-off':
      return refused('called-off', result.text, 'look at how it stands now, and give the order again if it is still wanted')
    case 'done':
      for (const verification of result.verifications) ports.report({ site: site.name, kind: 'verified', verification })
      ports.report({ site: site.name, kind: 'repointed', region, service: result.service, from: result.from, to: result.to, by: `${byLine(actor)}${request.reason === '' ? '' : `: ${request.reason}`}` })
      return { kind: 'done', value: viewOf(result, live, request) }
    case 'planned':
    case 'unchanged':
      return { kind: 'done', value: viewOf(result, live, request) }
  }
}
