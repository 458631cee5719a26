import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { commandOf, specified } from './unit-command.mjs'
import { unitVariable } from './unit-processes.mjs'

const folderKinds = { RuntimeDirectory: ['/run', 'RUNTIME_DIRECTORY'], StateDirectory: ['/var/lib', 'STATE_DIRECTORY'], LogsDirectory: ['/var/log', 'LOGS_DIRECTORY'], CacheDirectory: ['/var/cache', 'CACHE_DIRECTORY'] }

/** Makes the unit's own folders, as its user's; gives the variables that tell where they are. */
const makeFolders = (unit, user) =>
  Object.fromEntries(
    Object.entries(folderKinds).flatMap(([key, [base, variable]]) => {
      const folders = unit.words(`Service.${key}`).map((each) => `${base}/${specified(each, unit.name)}`)
      for (const folder of folders) {
        mkdirSync(folder, { recursive: true, mode: Number.parseInt(unit.last(`Service.${key}Mode`, '0755'), 8) })
        if (user !== undefined) execFileSync('chown', ['--', `${user}:${unit.last('Service.Group', '')}`, folder])
      }
      return folders.length === 0 ? [] : [[variable, folders.join(':')]]
    }),
  )

const environmentFile = (line) => {
  const file = line.replace(/^-/, '')
  if (!existsSync(file)) {
    if (line.startsWith('-')) return []
    throw new Error(`there is no ${file}`)
  }
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((each) => {
      const match = /^\s*([A-Za-z_]\w*)=(.*)$/.exec(each)
      return match === null ? [] : [[match[1], match[2].trim().replace(/^(["'])(.*)\1$/, '$2')]]
    })
}

const environmentLine = (line, name) => commandOf(line, name, {}).args.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)])

/** With what a unit's commands run: their variables, and the user. */
export const settingOf = (unit) => {
  const user = unit.last('Service.User')
  const own = [...unit.all('Service.Environment').flatMap((line) => environmentLine(line, unit.name)), ...unit.all('Service.EnvironmentFile').flatMap(environmentFile)]
  const home = user === undefined ? {} : { USER: user, LOGNAME: user, HOME: readFileSync('/etc/passwd', 'utf8').split('\n').find((line) => line.startsWith(`${user}:`))?.split(':')[5] ?? '/' }
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', ...home, ...makeFolders(unit, user), ...Object.fromEntries(own), [unitVariable]: unit.name }
  return { unit, user, group: unit.last('Service.Group'), env, cwd: unit.last('Service.WorkingDirectory', '/').replace(/^-/, '') }
}

const asUser = ({ user, group }, args, isPrivileged) =>
  user === undefined || user === 'root' || isPrivileged ? args : ['setpriv', `--reuid=${user}`, `--regid=${group ?? execFileSync('id', ['-gn', user], { encoding: 'utf8' }).trim()}`, '--init-groups', '--inh-caps=-all', '--', ...args]

/** Starts one Exec line of a unit; its output goes to the unit's log. */
export const startLine = (setting, line) => {
  const { args, mayFail, isPrivileged } = commandOf(line, setting.unit.name, setting.env)
  mkdirSync('/run/lab/log', { recursive: true })
  const log = openSync(`/run/lab/log/${setting.unit.name}`, 'a')
  const [file, ...rest] = asUser(setting, args, isPrivileged)
  const umask = setting.unit.last('Service.UMask')
  const command = umask === undefined ? [file, rest] : ['/bin/sh', ['-c', 'umask "$1"; shift; exec "$@"', 'sh', umask, file, ...rest]]
  const child = spawn(command[0], command[1], { env: setting.env, cwd: setting.cwd, detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  const ended = Promise.race([once(child, 'exit').then(([code, signal]) => ({ code, signal })), once(child, 'error').then(([error]) => ({ code: 203, signal: null, error }))])
  return { child, ended, mayFail }
}

/** Runs lines one after another, each to its end; the first failure that counts stops them. */
export const runLines = async (setting, lines, what) => {
  for (const line of lines) {
    const { ended, mayFail } = startLine(setting, line)
    const { code, signal, error } = await ended
    if (code !== 0 && !mayFail) throw new Error(`${setting.unit.name}: ${what} ended with ${signal ?? code}${error === undefined ? '' : ` (${error.message})`}: ${line}`)
  }
}
