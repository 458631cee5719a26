import { heartbeatFile, heartbeatUnit, logFolder, lsyncdConfFile, pullFile, pullUnit, runFolder, sendUnit, stateFolder, unitFolder } from './place.ts'
import { unitQuoted, unitText } from './quoting.ts'
import type { RenderedFile } from './rendered-file.ts'
import { heading, type Server } from './server.ts'

const name = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** What none of the services may do. They run as an account without rights, on files of one directory. */
const hardening = ({ replication: { root } }: Server): string => `NoNewPrivileges=yes
ProtectSystem=strict
${/^\/(?:home|root|run\/user)\//.test(root) ? '' : 'ProtectHome=yes\n'}PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
LockPersonality=yes
CapabilityBoundingSet=
SystemCallFilter=@system-service
SystemCallArchitectures=native
UMask=0022
`

const account = ({ replication }: Server): string => `User=${replication.user}\nGroup=${replication.user}\n`

const mounts = ({ replication }: Server): string => `RequiresMountsFor=${unitQuoted(replication.root)}\n`

const unit = (file: string, about: string, server: Server, text: string): RenderedFile => {
  const path = `${unitFolder}/${file}`
  return { path, mode: 0o644, about, text: `${heading(server, `systemd: ${about}.`, path)}\n${text}` }
}

const pull = (server: Server): RenderedFile =>
  unit(
    pullUnit,
    'takes what the others have, before anything is sent',
    server,
    `[Unit]
Description=${unitText(`Takes what the other regions of ${server.site} have, before anything is sent`)}
${mounts(server)}Wants=network-online.target
After=network-online.target
${server.isWriter ? `Before=${sendUnit}\n` : ''}
# No RemainAfterExit: each start of the sender takes anew.
[Service]
Type=oneshot
${account(server)}ExecStart=${pullFile}
TimeoutStartSec=infinity
StateDirectory=${name(stateFolder)}
ReadWritePaths=${unitQuoted(server.replication.root)}
# No RestrictSUIDSGID: a directory of the document root may hand its group on.
${hardening(server)}
[Install]
WantedBy=multi-user.target
`,
  )

const send = (server: Server): RenderedFile =>
  unit(
    sendUnit,
    "lsyncd, which sends this server's document root to the others",
    server,
    `[Unit]
Description=${unitText(`Sends the document root of ${server.site} to the other regions`)}
Requires=${pullUnit}
After=${pullUnit} network-online.target
${mounts(server)}StartLimitIntervalSec=0

[Service]
Type=exec
${account(server)}ExecStart=/usr/bin/lsyncd -nodaemon ${lsyncdConfFile}
Restart=always
RestartPreventExitStatus=78
RestartSec=5
# lsyncd ends with 143 when it is told to.
SuccessExitStatus=143
StateDirectory=${name(stateFolder)}
LogsDirectory=${name(logFolder)}
RuntimeDirectory=${name(runFolder)}
# What it does is in its log file, for lines for each heartbeat are too much for the journal; what goes wrong is there as well.
StandardOutput=null
StandardError=journal
${hardening(server)}RestrictSUIDSGID=yes

[Install]
WantedBy=multi-user.target
`,
  )

const heartbeat = (server: Server): RenderedFile => {
  return unit(
    heartbeatUnit,
    'writes the heartbeat, by which it is told how far behind the others are',
    server,
    `# Not bound to lsyncd: that it goes on while lsyncd is dead is what shows that.
[Unit]
Description=${unitText(`Writes the heartbeat of ${server.region} into the document root of ${server.site}`)}
Requires=${pullUnit}
After=${pullUnit}
${mounts(server)}StartLimitIntervalSec=0

[Service]
Type=exec
${account(server)}ExecStart=${heartbeatFile}
Restart=always
RestartPreventExitStatus=78
RestartSec=5
StateDirectory=${name(stateFolder)}
# All of it: a rename from one such path into another would be a copy.
ReadWritePaths=${unitQuoted(server.replication.root)}
${hardening(server)}RestrictSUIDSGID=yes

[Install]
WantedBy=multi-user.target
`,
  )
}

export const units = (server: Server): readonly RenderedFile[] => [pull(server), ...(server.isWriter ? [send(server), heartbeat(server)] : [])]
