import { luaQuoted } from './quoting.ts'
import { logFolder, lsyncdConfFile, markerName, runFolder, sendFile, sshConfigFile, temporaryName } from './place.ts'
import type { RenderedFile } from './rendered-file.ts'
import { aliasOf, heading, ownPaths, type Server } from './server.ts'

/**
 * `update` is for two-way alone: there the newer of two edits stays. With one writer the writer is right, also with a clock
 * that is behind; and it compares contents, for two versions of one size within one second look alike otherwise (rrsync
 * refuses --modify-window=-1). Two-way they would go to and fro for ever.
 */
const compareLine = (server: Server): string =>
  server.replication.mode === 'two-way'
    ? '    update       = true,   -- of two edits of a file the newer one stays\n'
    : '    checksum     = true,   -- also of two versions of one size within one second the second is sent\n'

const list = (values: readonly string[], indent: string): string => values.map((value) => `${indent}${luaQuoted(value)},\n`).join('')

/** What is no reason to send: all of its own, but for the ticks of its heartbeat. */
const unwatched = ({ replication: { heartbeat } }: Server): readonly string[] => [`/${markerName}`, `/${temporaryName}/`, `${heartbeat.path}/*.json`]

const syncText = (server: Server, target: string): string => {
  return `
-- To region ${target}.
sync {
  default.rsync,           -- not rsyncssh, whose mv and rm on the other side rrsync refuses
  source  = ${luaQuoted(server.replication.root)},
  target  = ${luaQuoted(`${aliasOf(target)}:/`)},   -- "/" is the document root there: the key opens nothing else
  delay   = ${server.replication.delayMs / 1000},
  delete  = 'running',     -- what is deleted while this runs is deleted there; a start never deletes
  exclude = {
${list(unwatched(server), '    ')}  },
  rsync = {
    binary       = ${luaQuoted(sendFile)},   -- rsync, and then the heartbeats that it has made true
    archive      = true,
    compress     = true,
    links        = true,
    times        = true,
${compareLine(server)}    protect_args = false,  -- rrsync refuses it; the only path that is sent is "/"
    temp_dir     = ${luaQuoted(`/${temporaryName}`)},
    rsh          = ${luaQuoted(`/usr/bin/ssh -F ${sshConfigFile}`)},
    _extra = {
      "--no-owner",
      "--no-group",
      "--timeout=60",
${list(ownPaths(server.replication).map((path) => `--exclude=${path}`), '      ')}    },
  },
}
`
}

/** What lsyncd does on a server that sends. */
export const lsyncdConf = (server: Server): RenderedFile => {
  const about = `lsyncd: sends ${server.region}'s document root to ${server.targets.join(', ')}.`
  return {
    path: lsyncdConfFile,
    mode: 0o644,
    about: 'what lsyncd sends, and to whom',
    text: `${heading(server, about, lsyncdConfFile, '--')}
settings {
  logfile    = ${luaQuoted(`${logFolder}/lsyncd.log`)},
  statusFile = ${luaQuoted(`${runFolder}/lsyncd.status`)},   -- written on events only: no sign of life, the heartbeat is
  nodaemon   = true,       -- systemd holds it
  insist     = true,       -- without this it ends when a peer is down at its start
}
${server.targets.map((target) => syncText(server, target)).join('')}`,
  }
}
