import { z } from 'zod'
import type { Parsed } from './duration.ts'
import { integer, leaf, shown, text } from './leaf.ts'
import { duration, word } from './value-leaf.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

const fail = (message: string): { readonly ok: false; readonly message: string } => ({ ok: false, message })

/** Control characters would begin a new line in the files that are rendered. */
const control = /\p{Cc}/u

/** Text that goes into shell, Lua and unit files: any printable one, for they are all quoted. */
const path = (judge: (path: string) => string | undefined) =>
  leaf({ type: 'string' }, (raw): Parsed<string> => {
    if (typeof raw !== 'string' || raw === '') return fail(`must be a path, not ${shown(raw)}`)
    if (control.test(raw)) return fail('a path here has no line breaks or other control characters')
    if (!raw.startsWith('/')) return fail(`${shown(raw)} is not absolute; begin it with "/"`)
    const bare = raw.replace(/\/+$/, '')
    if (bare === '') return fail('"/" is the whole machine; write a directory')
    if (bare.split('/').slice(1).some((part) => part === '' || part === '.' || part === '..')) return fail(`${shown(raw)} has an empty part, "." or ".."; write it out`)
    const problem = judge(bare)
    return problem === undefined ? { ok: true, value: bare } : fail(`${shown(raw)} ${problem}`)
  })

/** Directories of the system itself: whoever replicated one would overwrite a machine with another. */
const system = /^\/(?:bin|boot|dev|etc|home|lib\w*|opt|proc|root|run|sbin|srv|sys|tmp|usr|var|var\/(?:cache|lib|log|spool))$/

const rootPath = () =>
  path((bare) => {
    if (bare === '/var/www') return 'holds more than one site; write its document root, such as /var/www/html'
    if (system.test(bare)) return 'is a directory of the system, not a document root'
    return bare.includes('\\') ? 'has a backslash, which rsync takes for something else' : undefined
  })

const folderPath = () => path((bare) => (/^(?:\/[\w.-]+)+$/.test(bare) ? undefined : 'is not a folder in the document root: letters, digits, "-", "_" and "." between slashes'))

/** As it stands in a request. */
const urlPath = () =>
  leaf({ type: 'string' }, (raw): Parsed<string> => {
    if (typeof raw !== 'string' || raw === '') return fail(`must be a path, not ${shown(raw)}`)
    return /^\/[!-~]{0,1999}$/.test(raw) && !/[?#]/.test(raw) ? { ok: true, value: raw } : fail(`${shown(raw)} is not the path of a URL; write one such as /index.html`)
  })

const user = () =>
  leaf({ type: 'string' }, (raw): Parsed<string> => {
    if (raw === 'root') return fail('not root: whoever has the key could write anywhere; name an account of its own, such as replication')
    if (typeof raw === 'string' && /^[a-z_][a-z0-9_-]{0,31}$/.test(raw)) return { ok: true, value: raw }
    return fail(`${shown(raw)} is not the name of an account: lower-case letters, digits, "-" and "_", 32 at most`)
  })

const hostKey = () =>
  leaf({ type: 'string' }, (raw): Parsed<string> => {
    const match = typeof raw === 'string' ? /^(?<type>ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)) +(?<key>[A-Za-z0-9+/]{20,2000}={0,2})(?: [^\p{Cc}]*)?$/u.exec(raw.trim()) : null
    const { type, key } = match?.groups ?? {}
    if (type !== undefined && key !== undefined) return { ok: true, value: `${type} ${key}` }
    return fail(`${shown(raw)} is not a host key; write what stands in /etc/ssh/ssh_host_ed25519_key.pub there: ssh-ed25519 AAAA...`)
  })

const HostInput = z
  .strictObject({
    address: text(253).optional().describe("The server's name or address; default: the region's service subdomain, or its first address."),
    port: integer(1, 65_535).prefault(22).describe("Its sshd's port."),
    hostKey: z.union([hostKey(), z.array(hostKey()).min(1)]).optional().describe("Its sshd's public host key, or a list: ssh-ed25519 AAAA... The others talk to no server with another one."),
  })
  .prefault({})
  .describe("One region's server, as the others reach it.")

const Heartbeat = z
  .strictObject({
    every: duration(second, 10 * minute).prefault('5s').describe('How often a writer writes its heartbeat, in whole seconds.'),
    path: folderPath().prefault('/.dns-failover').describe('The folder in the document root that heartbeats are in.'),
  })
  .prefault({})
  .describe('The sign of life that a writer puts into its document root, by which it is told how far behind the others are.')

export const ReplicationInput = z
  .strictObject({
    root: rootPath().describe('The document root, the same on every server.'),
    user: user().prefault('replication').describe('The account that sends and receives on every server; not root.'),
    mode: word(['single-writer', 'two-way']).prefault('single-writer').describe('Whether one region sends and the others receive, or all send.'),
    writer: text(63).optional().describe('With single-writer, the region that sends; default: the first.'),
    topology: word(['mesh', 'star']).prefault('mesh').describe('With two-way and more than two regions: each sends to each, or all by way of a hub.'),
    hub: text(63).optional().describe('The region in the middle of a star.'),
    delay: duration(second, hour).prefault('3s').describe('How long changes are collected before they are sent, in whole seconds.'),
    hosts: z.record(z.string(), HostInput).prefault({}).describe("The regions' servers, by region."),
    heartbeat: Heartbeat,
    maxLag: duration(second, 24 * hour).prefault('30s').describe('How far a region may be behind others until it counts as stale.'),
    onLag: word(['alarm', 'withdraw']).prefault('alarm').describe('What to do if every receiver is behind, which may be the fault of the sender.'),
    sameContent: z.array(urlPath()).prefault([]).describe('Paths of which every region must serve the same bytes.'),
    onDifference: word(['report', 'vote']).prefault('report').describe('Whether a difference that lasts longer than "maxLag" is only reported, or counts against the region.'),
  })
  .describe('How the regions keep their document root alike.')
export type ReplicationInput = z.output<typeof ReplicationInput>
