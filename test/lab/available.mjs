import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'

const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
const tools = ['ip', 'unshare', 'nsenter', 'setpriv', 'apache2', 'sshd', 'ssh-keygen', 'lsyncd', 'rsync', 'named', 'dig', 'unbound', 'curl', '/usr/bin/python3', 'chromium']

const isExecutable = (file) => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const missing = () => tools.filter((tool) => !(tool.startsWith('/') ? isExecutable(tool) : folders.some((folder) => isExecutable(`${folder}/${tool}`))))

/** Why the lab cannot be built here, and what to do about it; undefined if it can. */
export const obstacle = () => {
  if (process.platform !== 'linux') return 'the lab needs Linux'
  if (process.getuid() !== 0) return 'the lab needs root, for namespaces and mounts of its own: sudo npm run lab -- up'
  const lacking = missing()
  if (lacking.length > 0) return `${lacking.join(', ')} not installed; on Debian: npm run test:deps -- lab`
  const tried = spawnSync('unshare', ['--pid', '--net', '--mount', '--uts', '--ipc', '--fork', '--propagation', 'private', 'mount', '-t', 'tmpfs', 'lab', '/mnt'], { encoding: 'utf8' })
  return tried.status === 0 ? undefined : `no namespaces can be made here, as in a container without rights: ${tried.stderr.trim()}`
}
