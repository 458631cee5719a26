import { type LabCommand, labName, labNamed } from '../lab-command.ts'
import { type RegionFiles, regionFiles } from '../region-files.ts'

export const sender = 'dns-failover-replication'
export const all = ['msk', 'ams', 'fra']

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export interface Replicating extends RegionFiles {
  readonly lab: LabCommand
  /** Whether lsyncd runs there; it is not counted what would restart it. */
  isSending(region: string): Promise<boolean>
  /** The process of a region's lsyncd. */
  senderPid(region: string): Promise<string>
  /** The counter of a writer's heartbeat as a region has it. */
  heartbeat(region: string, writer: string): Promise<number>
  /** An empty document root, as where its disc was not mounted, after a boot. */
  loseRoot(region: string): Promise<void>
}

/** A lab without a manager, for what happens between the regions. */
export const replicating = (suite: string): Replicating => {
  const lab = labNamed(labName(suite))
  const own = regionFiles(lab)
  const senderPid = async (region: string): Promise<string> => (await lab.tried('exec', region, 'pgrep', '-o', '-x', 'lsyncd')).output.trim()
  return {
    ...own,
    lab,
    senderPid,
    isSending: async (region) => (await senderPid(region)) !== '',
    heartbeat: async (region, writer) => (JSON.parse(await own.edit(region, `cat .dns-failover/${writer}.json`)) as { readonly counter: number }).counter,
    loseRoot: async (region) => {
      await lab.tried('exec', region, 'systemctl', 'stop', sender)
      await lab('exec', region, '/bin/sh', '-c', 'rm -rf /var/www/html && mkdir /var/www/html')
      await lab('poweroff', region)
      // What its start refuses to do is told by the supervisor, and is what is looked for.
      await lab.tried('start', region)
    },
  }
}

/** The times after its creation at which a file that is deleted or renamed has made trouble with a delay of 3 s. */
export const criticalMs = [3200, 3700, 4200, 4700, 5200, 5700, 6200, 6500]
