import { parseAddress } from '../core/address.ts'
import { parseFqdn } from '../core/fqdn.ts'
import type { Replication, ReplicationHost } from '../core/replication.ts'
import { durationText } from './duration.ts'
import { errorAt, errorAtKey, type Path, type Report, warningAt } from './problem.ts'
import type { ReplicationInput } from './replication-schema.ts'
import type { RegionInput } from './site-schema.ts'
import { didYouMean } from './suggest.ts'

type Regions = Readonly<Record<string, RegionInput>>

const second = 1000

/** A region that is named somewhere, if there is one. */
const checkRegion = (name: string | undefined, regions: Regions, at: Path, report: Report, part: typeof errorAt | typeof errorAtKey = errorAt): void => {
  const known = Object.keys(regions)
  if (name === undefined || known.includes(name)) return
  report({ ...part(at, `the site has no region ${JSON.stringify(name)}${didYouMean(name, known, 'there are')}`), restsOn: [...at.slice(0, 2), 'regions'] })
}

const hostOf = (region: RegionInput, host: ReplicationInput['hosts'][string] | undefined): ReplicationHost => {
  const keys = host?.hostKey ?? []
  return {
    address: host?.address ?? region.service ?? region.addresses?.[0] ?? '',
    port: host?.port ?? 22,
    hostKeys: Array.isArray(keys) ? [...new Set(keys)] : [keys],
  }
}

const checkHosts = (input: ReplicationInput, regions: Regions, path: Path, report: Report): void => {
  for (const [name, { address }] of Object.entries(input.hosts)) {
    checkRegion(name, regions, [...path, 'hosts', name], report, errorAtKey)
    if (address === undefined || parseAddress(address) !== undefined || parseFqdn(address) !== undefined) continue
    report(errorAt([...path, 'hosts', name, 'address'], `${JSON.stringify(address)} is neither a name nor an address; the port goes under "port"`))
  }
  const lower = new Map<string, string>()
  for (const name of Object.keys(regions)) {
    const owner = lower.get(name.toLowerCase())
    // ssh knows host keys by names in lower case.
    if (owner !== undefined) report({ ...errorAtKey(path, `regions "${owner}" and "${name}" differ only in capitals, which ssh does not tell apart`), restsOn: [...path.slice(0, 2), 'regions'] })
    lower.set(name.toLowerCase(), name)
  }
}

/** What one mode alone has a use for. */
const checkMode = (input: ReplicationInput, regions: Regions, path: Path, report: Report): void => {
  const { mode, topology, writer, hub } = input
  checkRegion(writer, regions, [...path, 'writer'], report)
  checkRegion(hub, regions, [...path, 'hub'], report)
  if (mode === 'two-way' && writer !== undefined) report(errorAtKey([...path, 'writer'], 'two-way has no writer, every region sends; leave it out, or write "mode: single-writer"'))
  if (mode === 'single-writer' && topology === 'star') report(errorAt([...path, 'topology'], 'only two-way has a star; a single writer sends to every receiver itself'))
  if (hub !== undefined && topology === 'mesh') report(errorAtKey([...path, 'hub'], 'only a star has a hub; leave it out, or write "topology: star"'))
  if (mode === 'two-way' && topology === 'star' && hub === undefined) report(errorAtKey([...path, 'hub'], `a star needs "hub": one of ${Object.keys(regions).join(', ')}`))
}

const checkTimes = (input: ReplicationInput, path: Path, report: Report): void => {
  const { delay, heartbeat, maxLag } = input
  for (const [at, ms] of [[[...path, 'delay'], delay], [[...path, 'heartbeat', 'every'], heartbeat.every]] as const) {
    if (ms % second !== 0) report(errorAt(at, `${durationText(ms)} is not a number of whole seconds, which is all that the programs there know`))
  }
  const least = delay + 2 * heartbeat.every
  if (maxLag < least) {
    report(warningAt([...path, 'maxLag'], `${durationText(maxLag)} is less than a healthy receiver is behind at times: "delay" and two heartbeats are ${durationText(least)}`))
  }
}

/** `path`: of the site's `replication`. */
export const buildReplication = (input: ReplicationInput, regions: Regions, path: Path, report: Report): Replication => {
  const names = Object.keys(regions)
  if (names.length === 1) report({ ...errorAtKey(path, 'only one region: there is nobody to send to'), restsOn: [...path.slice(0, 2), 'regions'] })
  checkHosts(input, regions, path, report)
  checkMode(input, regions, path, report)
  checkTimes(input, path, report)
  for (const [at, each] of input.sameContent.entries()) {
    if (input.sameContent.indexOf(each) < at) report(warningAt([...path, 'sameContent', at], `${each} is listed twice`))
  }
  const isStar = input.mode === 'two-way' && input.topology === 'star'
  const writer = (isStar ? input.hub : input.writer) ?? names[0] ?? ''
  return {
    root: input.root,
    user: input.user,
    mode: input.mode,
    writer,
    topology: input.topology,
    ...(isStar ? { hub: writer } : {}),
    delayMs: input.delay,
    hosts: Object.fromEntries(Object.entries(regions).map(([name, region]) => [name, hostOf(region, Object.hasOwn(input.hosts, name) ? input.hosts[name] : undefined)])),
    heartbeat: { everyMs: input.heartbeat.every, path: input.heartbeat.path },
    maxLagMs: input.maxLag,
    onLag: input.onLag,
    sameContent: [...new Set(input.sameContent)],
    onDifference: input.onDifference,
  }
}
