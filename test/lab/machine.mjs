import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { housePid, inHouse } from './house.mjs'
import { controlSocket, machineFolder, machines, stateFolder } from './places.mjs'
import { LabError, run, runHere, until } from './run.mjs'

const here = (file) => fileURLToPath(new URL(file, import.meta.url))

/** The machine's first process, by the house's numbers; undefined while it is off. */
export const machinePid = (name) => {
  try {
    return readFileSync(`${machineFolder(name)}/pid`, 'utf8').trim()
  } catch {
    return undefined
  }
}

const enterArguments = (name) => {
  const pid = machinePid(name)
  if (pid === undefined) throw new LabError(`${name} is off; switch it on with: npm run lab -- start ${name}`)
  // Two steps: a machine's numbers are the house's, not this system's.
  return ['--target', String(housePid()), '--pid', '--mount', '--net', '--ipc', '--uts', '--', 'nsenter', '--target', pid, '--pid', '--mount', '--net', '--ipc', '--uts', '--wd=/', '--']
}

const machineEnv = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LANG: 'C.UTF-8', TERM: process.env.TERM ?? 'dumb' }

/** Runs something on a machine to its end, as root. */
export const onMachine = (name, args, options = {}) => run('nsenter', [...enterArguments(name), 'env', '--ignore-environment', ...Object.entries({ ...machineEnv, ...options.env }).map(([key, value]) => `${key}=${value}`), ...args], { ...options, env: process.env })

/** The same with this terminal. */
export const onMachineHere = (name, args) => runHere('nsenter', [...enterArguments(name), 'env', '--ignore-environment', ...Object.entries(machineEnv).map(([key, value]) => `${key}=${value}`), ...args])

/** What `onMachine` would run, for those who want a process of their own. */
export const machineCommand = (name, args, env = {}) => ['nsenter', ...enterArguments(name), 'env', '--ignore-environment', ...Object.entries({ ...machineEnv, ...env }).map(([key, value]) => `${key}=${value}`), ...args]

/** One request to the machine's supervisor. */
export const ask = (name, request, timeoutMs = 90_000) =>
  new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(controlSocket(name))
    const late = setTimeout(() => socket.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs)
    socket.setEncoding('utf8').on('data', (part) => (text += part))
    socket.on('error', (error) => {
      clearTimeout(late)
      reject(new LabError(`${name}: ${JSON.stringify(request)}: ${error.message}`, { cause: error }))
    })
    socket.on('end', () => {
      clearTimeout(late)
      const answer = JSON.parse(text === '' ? '{"error":"no answer"}' : text)
      if (answer.error === undefined) resolve(answer)
      else reject(new LabError(`${name}: ${JSON.stringify(request)}: ${answer.error}`))
    })
    socket.write(`${JSON.stringify(request)}\n`)
  })

/** Switches a machine on: its namespaces and disc, its cable to the router, its supervisor. Starts no service. */
export const switchOn = async (name, address = machines[name].address) => {
  const { gateway } = machines[name]
  const folder = machineFolder(name)
  mkdirSync(folder, { recursive: true })
  for (const file of ['pid', 'control.sock']) rmSync(`${folder}/${file}`, { force: true })
  const log = openSync(`${stateFolder}/log/${name}`, 'a')
  const enter = ['--target', String(housePid()), '--pid', '--mount', '--net', '--ipc', '--uts', '--wd=/', '--']
  const start = (args) => spawn('nsenter', args, { detached: true, stdio: ['ignore', log, log], cwd: '/', env: machineEnv }).unref()
  start([...enter, 'setsid', 'unshare', '--pid', '--net', '--mount', '--uts', '--ipc', '--fork', '--propagation', 'private', '/bin/sh', here('machine-init.sh'), stateFolder, name])
  const pid = await until(`${name}'s namespaces (see ${stateFolder}/log/${name})`, () => machinePid(name))
  await inHouse(['/bin/sh', here('plug-in.sh'), name, pid, address, gateway])
  start([...enterArguments(name), 'setsid', process.execPath, here('supervise.mjs'), '/run/lab/control.sock'])
  closeSync(log)
  await until(`${name}'s supervisor (see ${stateFolder}/log/${name})`, () => (existsSync(controlSocket(name)) ? true : undefined))
}

/** Pulls the plug: the cable first, so that nothing says farewell. */
export const switchOff = async (name) => {
  const pid = machinePid(name)
  if (pid === undefined) throw new LabError(`${name} is off already`)
  await inHouse(['/bin/sh', '-c', 'ip link set "$1" down; kill -9 "$2"; ip link delete "$1" 2>/dev/null || true', 'sh', name, pid])
  for (const file of ['pid', 'control.sock']) rmSync(`${machineFolder(name)}/${file}`, { force: true })
}
