import { accessSync, constants } from 'node:fs'

const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
const tools = ['ip', 'unshare', 'nsenter', 'setpriv', 'flock', 'apache2', 'sshd', 'ssh-keygen', 'lsyncd', 'rsync', 'named', 'dig', 'unbound', 'curl', '/usr/bin/python3', 'chromium']

const isExecutable = (file) => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** What the lab needs and is not installed. */
export const missing = () => tools.filter((tool) => !(tool.startsWith('/') ? isExecutable(tool) : folders.some((folder) => isExecutable(`${folder}/${tool}`))))
