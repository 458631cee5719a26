import { spawn } from 'node:child_process'
import { existsSync, openSync, closeSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stateFolder } from './places.mjs'
import { LabError, run, until } from './run.mjs'

const initScript = fileURLToPath(new URL('house-init.sh', import.meta.url))

/** The arguments of a running process; none if it is gone or a kernel thread. */
const argumentsOf = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1)
  } catch {
    return []
  }
}

/**
 * The processes that are the house of this lab: its first process, and `unshare`, which waits for it. Found by what they
 * were started with, not by a file: a command that was killed had no time to write one.
 */
const houseProcesses = () =>
  readdirSync('/proc')
    .filter((each) => /^\d+$/.test(each))
    .flatMap((pid) => {
      const args = argumentsOf(pid)
      const isHouse = args.at(-1) === stateFolder && basename(args.at(-2) ?? '') === 'house-init.sh'
      return isHouse && ['sh', 'unshare'].includes(basename(args[0] ?? '')) ? [{ pid: Number(pid), isFirst: basename(args[0] ?? '') === 'sh' }] : []
    })

/**
 * What the lab has outside: what waits for one of its processes, and ends with that a moment later; and what an "up" that was
 * killed alone had at work, which writes into the lab's folder until it ends by itself.
 */
const outsideNames = ['nsenter', 'unshare', 'setsid', basename(process.execPath), 'sh', 'tar', 'rm', 'mkdir', 'cat', 'ssh-keygen']
const outside = () => readdirSync('/proc').filter((each) => /^\d+$/.test(each)).map(argumentsOf).filter((args) => outsideNames.includes(basename(args[0] ?? '')) && args.some((each) => each === stateFolder || each.startsWith(`${stateFolder}/`)))

export const houseIsThere = () => houseProcesses().length > 0

/** The house's first process, by this machine's numbers. */
export const housePid = () => {
  const first = houseProcesses().find(({ isFirst }) => isFirst)
  if (first === undefined || !existsSync(`${stateFolder}/house-stands`)) throw new LabError('the lab is not up; start it with: npm run lab -- up')
  return first.pid
}

/** Runs something in the house: among its processes, on the router's network. */
export const inHouse = (args, options) => run('nsenter', ['--target', String(housePid()), '--pid', '--mount', '--net', '--ipc', '--uts', '--', ...args], options)

export const buildHouse = async () => {
  for (const folder of ['', '/machines', '/discs', '/log']) mkdirSync(`${stateFolder}${folder}`, { recursive: true, mode: 0o755 })
  const log = openSync(`${stateFolder}/log/house`, 'a')
  const child = spawn('unshare', ['--pid', '--net', '--mount', '--uts', '--ipc', '--fork', '--propagation', 'private', '/bin/sh', initScript, stateFolder], { detached: true, stdio: ['ignore', log, log], cwd: '/' })
  closeSync(log)
  child.unref()
  await until(`the lab's namespaces (see ${stateFolder}/log/house)`, () => {
    if (child.exitCode !== null) throw new LabError(`the lab's namespaces could not be made:\n${readFileSync(`${stateFolder}/log/house`, 'utf8')}`)
    return existsSync(`${stateFolder}/house-stands`) ? true : undefined
  })
}

/** Ends every process of the lab and removes its folder, whatever state it is in. Gives whether there was anything. */
export const razeHouse = async () => {
  const processes = houseProcesses()
  const there = processes.length > 0 || existsSync(stateFolder)
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch (error) {
      if (error.code !== 'ESRCH') throw error
    }
  }
  // The kernel ends all below the first process before that itself is gone.
  await until('the end of all processes of the lab', () => (houseIsThere() || outside().length > 0 ? undefined : true))
  rmSync(stateFolder, { recursive: true, force: true })
  return there
}
