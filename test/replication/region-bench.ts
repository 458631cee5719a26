import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'
import type { Replication } from '../../src/core/replication.ts'
import { renderReplication } from '../../src/replication/render.ts'
import { replication } from '../core/replication-sample.ts'

const run = promisify(execFile)

const tools = ['/usr/bin/lsyncd', '/usr/bin/rsync', '/usr/bin/rrsync', '/usr/bin/python3', '/usr/sbin/sshd', '/usr/bin/unshare', '/usr/bin/nsenter', '/usr/bin/setpriv']

/** Why no servers can be played here; undefined: they can. */
export const replicationMissing = async (): Promise<string | undefined> => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux'
  const missing: string[] = []
  for (const tool of tools) await readFile(tool).catch(() => missing.push(tool))
  if (missing.length > 0) return `${missing.join(', ')} not installed; on Debian: npm run test:deps`
  return run('unshare', ['--mount', '--pid', '--fork', 'true']).then(
    () => undefined,
    () => 'no mount and pid namespaces can be made here',
  )
}

/** A shell's view of a machine: own /etc, /var, /srv and so on above the real ones, in memory, gone with the process. */
const machine = `set -e
mount -t tmpfs tmpfs "$1"
for each in etc var usr/local srv run; do
  mkdir -p "$1/$each/upper" "$1/$each/work"
  mount -t overlay overlay -o "lowerdir=/$each,upperdir=$1/$each/upper,workdir=$1/$each/work" "/$each"
done
rm -rf /etc/ssh/ssh_host_* /etc/dns-failover-replication
mkdir -p /run/sshd "$1/rendered"
ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
echo ready
exec sleep 600`

/** Runs a unit's program as systemd would: its account, its directories, its environment. */
const unitRunner = `u=/etc/systemd/system/$1
get() { sed -n "s/^$1=//p" "$u" | head -n 1; }
user=$(get User)
install -d -o "$user" -g "$user" "/var/lib/$(get StateDirectory)"
logs=$(get LogsDirectory); [ -z "$logs" ] || install -d -o "$user" -g "$user" "/var/log/$logs"
run=$(get RuntimeDirectory); [ -z "$run" ] || install -d -o "$user" -g "$user" "/run/$run"
export STATE_DIRECTORY="/var/lib/$(get StateDirectory)"
exec setpriv --reuid="$user" --regid="$user" --init-groups --no-new-privs --bounding-set=-all $(get ExecStart)`

export interface Answer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface PlayedRegion {
  readonly name: string
  /** Runs a shell's line there, as root, in the document root. */
  sh(line: string, input?: string): Promise<Answer>
  /** Runs a unit to its end. */
  unit(name: string): Promise<Answer>
  /** Starts a unit that goes on, or sshd; returns what stops it. */
  start(name: string): Promise<() => Promise<void>>
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return address === null || typeof address === 'string' ? 0 : address.port
}

const answers = (address: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, address, () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })

const untilAnswers = async (address: string, port: number): Promise<void> => {
  for (const until = Date.now() + 60_000; !(await answers(address, port)); ) {
    if (Date.now() > until) throw new Error(`nobody answers at ${address}:${port}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const ended = async (child: ChildProcess, input?: string): Promise<Answer> => {
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  // Whoever reads no input has closed it.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(input ?? '')
  await once(child, 'close')
  return { code: child.exitCode ?? -1, stdout, stderr }
}

const innerPid = async (pid: number): Promise<string> => (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim()

const startMachine = async (name: string, root: string, address: string, port: number): Promise<PlayedRegion & { readonly folder: string }> => {
  const folder = await mkdtemp(join(tmpdir(), `replication-${name}-`))
  const shell = spawn('unshare', ['--mount', '--pid', '--fork', '--mount-proc', '--kill-child', 'sh', '-c', machine, 'sh', folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(shell, 'close')
  onTestFinished(async () => {
    shell.kill('SIGKILL')
    await gone
    await rm(folder, { recursive: true, force: true })
  })
  await Promise.race([once(shell.stdout, 'data'), gone.then(() => Promise.reject(new Error(`the machine of ${name} did not start`)))])
  const pid = await innerPid(shell.pid ?? 0)
  const enter = (args: readonly string[]): ChildProcess => spawn('nsenter', ['-t', pid, '-m', '-p', '--', ...args], { stdio: ['pipe', 'pipe', 'pipe'], env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } })
  const unitArgs = (unit: string): readonly string[] => ['sh', '-c', unitRunner, 'sh', unit]
  const sshd = ['/usr/sbin/sshd', '-D', '-e', '-f', '/etc/ssh/sshd_config', '-o', `ListenAddress=${address}:${port}`]
  const region: PlayedRegion = {
    name,
    sh: (line, input) => ended(enter(['sh', '-c', 'cd "$1" 2>/dev/null; eval "$2"', 'sh', root, line]), input),
    unit: (unit) => ended(enter(unitArgs(unit))),
    start: async (unit) => {
      const child = enter(unit === 'sshd' ? sshd : unitArgs(unit))
      const closed = once(child, 'close')
      child.stdout?.resume()
      child.stderr?.resume()
      await once(child, 'spawn')
      if (unit === 'sshd') await untilAnswers(address, port)
      return async () => {
        // nsenter is only the outer shell of it.
        const inner = await innerPid(child.pid ?? 0).catch(() => '')
        for (const each of inner.split(' ').filter((text) => text !== '')) process.kill(Number(each), 'SIGTERM')
        await closed
      }
    },
  }
  return { ...region, folder }
}

/** Puts rendered files where the region's machine sees them. */
const hand = async (region: PlayedRegion & { readonly folder: string }, settings: Replication): Promise<void> => {
  for (const { path, mode, text } of renderReplication('failover.example.com', region.name, settings).files) {
    const file = join(region.folder, 'rendered', path)
    await region.sh(`mkdir -p '${dirname(file)}' && cat >'${file}' && chmod ${mode.toString(8)} '${file}'`, text)
  }
}

export interface Play {
  readonly regions: Readonly<Record<string, PlayedRegion>>
  /** Renders for a region with these changes, and installs. */
  install(name: string, changes?: Partial<Replication>, options?: string): Promise<Answer>
}

/** Servers of regions on loopback addresses, installed as rendered, with each other's keys; sshd runs. */
export const playRegions = async (names: readonly string[], base: Partial<Replication>): Promise<Play> => {
  const root = base.root ?? '/srv/www'
  const machines = new Map<string, PlayedRegion & { readonly folder: string }>()
  const hosts: Record<string, Replication['hosts'][string]> = {}
  for (const [at, name] of names.entries()) {
    const [address, port] = [`127.0.0.${at + 2}`, await freePort()]
    const region = await startMachine(name, root, address, port)
    machines.set(name, region)
    const { stdout } = await region.sh('cut -d" " -f1,2 /etc/ssh/ssh_host_ed25519_key.pub')
    hosts[name] = { address, port, hostKeys: [stdout.trim()] }
    await region.sh('mkdir -p "$1"')
  }
  const settings = (changes: Partial<Replication>): Replication => replication({ delayMs: 1000, heartbeat: { everyMs: 1000, path: '/.dns-failover' }, ...base, hosts, ...changes })
  const machineOf = (name: string): PlayedRegion & { readonly folder: string } => {
    const found = machines.get(name)
    if (found === undefined) throw new Error(`there is no region ${name}`)
    return found
  }
  const install: Play['install'] = async (name, changes = {}, options = '') => {
    const region = machineOf(name)
    await hand(region, settings(changes))
    return region.sh(`sh '${region.folder}/rendered/install.sh' ${options}`)
  }
  for (const name of names) await install(name)
  for (const name of names) {
    const { stdout: key } = await machineOf(name).sh('cat /etc/dns-failover-replication/id_ed25519.pub')
    for (const other of names.filter((each) => each !== name)) await machineOf(other).sh(`cat >/etc/dns-failover-replication/peers/${name}.pub`, key)
  }
  for (const name of names) {
    const { code, stdout, stderr } = await install(name)
    if (code !== 0 || !stdout.includes('install.sh: done')) throw new Error(`install.sh of ${name}: ${stdout}${stderr}`)
  }
  return { regions: Object.fromEntries(machines), install }
}
