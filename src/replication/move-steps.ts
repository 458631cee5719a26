import type { Replication } from '../core/replication.ts'
import { heartbeatUnit, sendUnit, stateFolder } from './place.ts'

export interface MoveStep {
  readonly text: string
  /** To type, where the text says. */
  readonly commands: readonly string[]
}

export interface MoveFacts {
  readonly site: string
  readonly replication: Replication
  readonly to: string
  /** The config's file, and where the files for each region are or are to be. */
  readonly config: string
  readonly out: string
  readonly isRendered: boolean
  /** The writer of now is there, and can be stopped. */
  readonly isWriterThere: boolean
}

const shellWord = (text: string): string => (/^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`)

const install = ({ replication, out }: MoveFacts, region: string): readonly string[] => {
  const { address, port } = replication.hosts[region] ?? { address: region, port: 22 }
  const ssh = port === 22 ? 'ssh' : `ssh -p ${port}`
  const target = address.includes(':') ? `[${address}]` : address
  const rsync = port === 22 ? 'rsync -a' : `rsync -a -e '${ssh}'`
  return [`${rsync} ${shellWord(`${out}/${region}/`)} 'root@${target}:dns-failover-${region}/'`, `${ssh} root@${address} sh dns-failover-${region}/install.sh`]
}

/** How another region is made the writer, step by step: whoever receives refuses the old one before it can return. */
export const moveSteps = (facts: MoveFacts): readonly MoveStep[] => {
  const { replication, to, config, out, site, isRendered, isWriterThere } = facts
  const { writer } = replication
  const others = Object.keys(replication.hosts).filter((region) => region !== writer && region !== to)
  const render = Object.keys(replication.hosts).map((region) => `dns-failover replication render --config ${shellWord(config)} --site ${shellWord(site)} --region ${region} --out ${shellWord(`${out}/${region}`)}`)
  const stop: MoveStep = { text: `On ${writer}: change no more files, wait a few heartbeats, and stop it from sending.`, commands: [`systemctl disable --now ${sendUnit} ${heartbeatUnit}`] }
  const gone: MoveStep = {
    text: `${writer} cannot be asked from here. Turn it off where it is rented, if you can: until the next steps are done, the others would take from it if it came back.`,
    commands: [],
  }
  const last: MoveStep = isWriterThere
      ? { text: `Install on ${writer}, which receives from now on.`, commands: install(facts, writer) }
      : {
          text: `When ${writer} is there again: install there before anything else. Until then it refuses to send while it reaches ${to}, and the others refuse its key. What it had not sent is kept in its ${stateFolder}/replaced, or stays as files that only it has.`,
          commands: install(facts, writer),
        }
  return [
    isWriterThere ? stop : gone,
    { text: `In ${config}, under sites, ${site}, replication: write "writer: ${to}". A service that runs takes it with a reload.`, commands: [`dns-failover check-config ${shellWord(config)}`] },
    isRendered ? { text: `The files for each region, with ${to} as the writer, are in ${out}.`, commands: [] } : { text: 'Render the files for every region.', commands: render },
    { text: `Install on ${to} first: it then sends, and lets ${writer} only read.`, commands: install(facts, to) },
    ...(others.length === 0 ? [] : [{ text: `Install on ${others.join(', ')}: they take from ${to}, and no more from ${writer}.`, commands: others.flatMap((region) => install(facts, region)) }]),
    last,
    { text: 'Look.', commands: [`dns-failover replication check --config ${shellWord(config)} --site ${shellWord(site)}`] },
  ]
}
