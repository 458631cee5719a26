import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** The image as build-image.sh tags it. */
export const image = 'localhost/dns-failover:test'

export interface Container {
  /** What /proc tells of its first process. */
  status(): Promise<Readonly<Record<string, string>>>
  /** By the image's HEALTHCHECK. */
  isHealthy(): Promise<boolean>
  exec(...command: string[]): Promise<string>
  /** stdout and stderr. */
  logs(): Promise<string>
  signal(name: 'STOP' | 'CONT'): Promise<void>
  /** Ends it on the spot, and starts it again over the same volume. */
  killAndStart(): Promise<void>
  /** Sends SIGTERM and waits for the end. */
  stop(): Promise<{ readonly exitCode: number; readonly tookMs: number }>
  remove(): Promise<void>
}

const podman = async (...args: string[]): Promise<string> => {
  const storage = process.env['IMAGE_STORAGE']
  if (storage === undefined) throw new Error('run test/docker/test-image.sh')
  const global = ['--root', join(storage, 'root'), '--runroot', join(storage, 'run'), '--storage-driver', 'vfs', '--runtime', 'runc', '--cgroup-manager', 'cgroupfs']
  const { stdout, stderr } = await execute('podman', [...global, ...args], { maxBuffer: 64 * 1024 * 1024 })
  return args[0] === 'logs' ? `${stdout}${stderr}` : stdout.trim()
}

export interface RunOptions {
  readonly configFile: string
  readonly env: Readonly<Record<string, string>>
}

/** As docker/compose.yaml runs it, but in the host's network: read-only, no capabilities, no new privileges, the image's user. */
export const startContainer = async ({ configFile, env }: RunOptions): Promise<Container> => {
  const confinement = ['--read-only', '--read-only-tmpfs=false', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges']
  const limits = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=4096:4096', '--network', 'host']
  const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`])
  const mount = ['--volume', `${configFile}:/etc/dns-failover/dns-failover.yaml:ro`]
  const id = await podman('run', '--detach', ...confinement, ...limits, ...variables, ...mount, image)
  return {
    status: async () => {
      const pid = await podman('inspect', '--format', '{{.State.Pid}}', id)
      const lines = (await readFile(`/proc/${pid}/status`, 'utf8')).split('\n')
      return Object.fromEntries(lines.map((line) => line.split(':\t')).map(([key = '', value = '']) => [key, value.trim()]))
    },
    isHealthy: () => podman('healthcheck', 'run', id).then(() => true, () => false),
    exec: (...command) => podman('exec', id, ...command),
    logs: () => podman('logs', id),
    signal: async (name) => void (await podman('kill', '--signal', name, id)),
    killAndStart: async () => {
      await podman('kill', '--signal', 'KILL', id)
      await podman('wait', '--interval', '10ms', id)
      await podman('start', id)
    },
    stop: async () => {
      const startedAt = performance.now()
      await podman('kill', '--signal', 'TERM', id)
      const exitCode = Number(await podman('wait', '--interval', '10ms', id))
      return { exitCode, tookMs: performance.now() - startedAt }
    },
    remove: async () => void (await podman('rm', '--force', '--volumes', '--time', '0', id)),
  }
}

/** Bytes. */
export const imageSize = async (): Promise<number> => Number(await podman('image', 'inspect', '--format', '{{.Size}}', image))
