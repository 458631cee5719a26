import type { Replication } from '../core/replication.ts'
import { heartbeatScript } from './heartbeat-script.ts'
import { installGuide } from './install-guide.ts'
import { installScript } from './install-script.ts'
import { limitsOf } from './limits.ts'
import { lsyncdConf } from './lsyncd-conf.ts'
import { pullScript } from './pull-script.ts'
import { receiveScript } from './receive-script.ts'
import type { RenderedFile } from './rendered-file.ts'
import { sendScript } from './send-script.ts'
import { serverOf } from './server.ts'
import { knownHosts, regionsWithoutKey, sshConfig, sshdConfig } from './ssh-files.ts'
import { units } from './units.ts'
import { apacheConf, logrotateConf, nginxConf } from './web-server.ts'

export interface Rendered {
  readonly files: readonly RenderedFile[]
  /** What whoever uses them has to know. */
  readonly warnings: readonly string[]
}

/** All that one region's server needs. */
export const renderReplication = (site: string, region: string, replication: Replication): Rendered => {
  const server = serverOf(site, region, replication)
  const placed = [
    ...(server.isWriter ? [lsyncdConf(server), logrotateConf(server), sendScript(server), heartbeatScript(server)] : []),
    receiveScript(server),
    pullScript(server),
    sshConfig(server),
    knownHosts(server),
    sshdConfig(server),
    ...units(server),
    apacheConf(server),
    nginxConf(server),
  ]
  const limits = limitsOf(replication)
  const unknown = regionsWithoutKey(server)
  return {
    files: [installGuide(server, placed, limits), installScript(server, placed), ...placed],
    warnings: [
      ...limits.map((limit) => `two-way: ${limit}`),
      ...unknown.map((each) => `the host key of ${each} is not in the config (replication.hosts.${each}.hostKey): ${region} talks to no server whose key it does not know`),
    ],
  }
}
