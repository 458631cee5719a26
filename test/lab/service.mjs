import { existsSync } from 'node:fs'
import { runLines, settingOf, startLine } from './service-run.mjs'
import { loadUnit, spanMs } from './unit-file.mjs'
import { killAll, processesOf, signalAll } from './unit-processes.mjs'

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref())

const met = (line) => (line.startsWith('!') ? !existsSync(line.slice(1)) : existsSync(line))

/** Conditions that do not hold; a kind that the lab does not know fails. */
const unmet = (unit, kind) =>
  unit.keys().filter((key) => key.startsWith(`Unit.${kind}`)).flatMap((key) => {
    if (key !== `Unit.${kind}PathExists` && key !== `Unit.${kind}PathIsDirectory` && key !== `Unit.${kind}FileNotEmpty`) throw new Error(`${unit.name}: the lab does not know ${key}`)
    return unit.all(key).filter((line) => !met(line))
  })

const wantsRestart = (policy, { code, signal }) => {
  switch (policy) {
    case 'always':
      return true
    case 'on-success':
      return code === 0
    case 'on-failure':
      return code !== 0
    case 'on-abnormal':
    case 'on-abort':
      return signal !== null
    default:
      return false
  }
}

/** One service as systemd would run it, as far as the lab needs: its types, conditions, restarts and their limit. A restart
 * starts what it requires, too, where that does not run. */
export const createService = (name, say, startWithNeeds) => {
  let state = 'inactive'
  let main
  /** Also a main process that has written over its variables, as sshd does. */
  const processes = () => [...new Set([...processesOf(name), ...(main?.child.pid === undefined ? [] : [main.child.pid])])]
  let generation = 0
  let starts = []

  const startLater = async (unit, mine) => {
    await pause(spanMs(unit.last('Service.RestartSec', '100ms')))
    if (mine === generation) await startWithNeeds(name).catch((error) => say(error.message))
  }

  const follow = async (unit, mine) => {
    const end = await main.ended
    if (mine !== generation) return
    main = undefined
    state = end.code === 0 ? 'inactive' : 'failed'
    say(`${name} ended with ${end.signal ?? end.code}`)
    if (wantsRestart(unit.last('Service.Restart', 'no'), end)) await startLater(unit, mine)
  }

  const start = async () => {
    if (state === 'active' || state === 'activating') return
    const unit = loadUnit(name)
    const skipped = unmet(unit, 'Condition')
    if (skipped.length > 0) return say(`${name} is skipped: ${skipped.join(', ')}`)
    const refused = unmet(unit, 'Assert')
    if (refused.length > 0) throw new Error(`${name}: assertion failed: ${refused.join(', ')}`)
    const now = performance.now()
    starts = [...starts.filter((at) => now - at < spanMs(unit.last('Unit.StartLimitIntervalSec', '10s'))), now]
    if (starts.length > Number(unit.last('Unit.StartLimitBurst', '5'))) {
      state = 'failed'
      throw new Error(`${name}: start request repeated too quickly`)
    }
    const mine = (generation += 1)
    state = 'activating'
    try {
      const setting = settingOf(unit)
      await runLines(setting, unit.all('Service.ExecStartPre'), 'ExecStartPre')
      const type = unit.last('Service.Type', 'simple')
      if (type === 'oneshot' || type === 'forking') await runLines(setting, unit.all('Service.ExecStart'), 'ExecStart')
      else {
        main = startLine(setting, unit.last('Service.ExecStart'))
        void follow(unit, mine)
      }
      await runLines(setting, unit.all('Service.ExecStartPost'), 'ExecStartPost')
      if (mine === generation && state === 'activating') state = type === 'oneshot' && unit.last('Service.RemainAfterExit', 'no') !== 'yes' ? 'inactive' : 'active'
      say(`${name} started`)
    } catch (error) {
      state = 'failed'
      const policy = unit.last('Service.Restart', 'no')
      if (mine === generation && (policy === 'always' || policy === 'on-failure')) void startLater(unit, mine)
      throw error
    }
  }

  const stop = async () => {
    generation += 1
    const unit = loadUnit(name)
    if (processesOf(name).length > 0) await runLines({ ...settingOf(unit) }, unit.all('Service.ExecStop').map((line) => `-${line}`), 'ExecStop')
    const kind = unit.last('Service.KillMode', 'control-group')
    signalAll(kind === 'control-group' || main === undefined ? processes() : [main.child.pid], 'SIGTERM')
    await Promise.race([main?.ended, pause(5000)])
    for (let round = 0; round < 100 && processesOf(name).length > 0; round += 1) await pause(50)
    await killAll(name)
    main = undefined
    state = 'inactive'
    starts = []
  }

  return {
    start,
    stop,
    restart: async () => {
      await stop()
      await start()
    },
    reload: async () => {
      const unit = loadUnit(name)
      const setting = settingOf(unit)
      await runLines({ ...setting, env: { ...setting.env, MAINPID: String(main?.child.pid ?? '') } }, unit.all('Service.ExecReload'), 'ExecReload')
    },
    /** Dead at once, and not started again: what no unit file sees to. */
    kill: async () => {
      generation += 1
      signalAll(processes(), 'SIGKILL')
      await killAll(name)
      main = undefined
      state = 'failed'
      starts = []
    },
    signal: (signal) => signalAll(processes(), signal),
    state: () => (state === 'active' && main === undefined && processesOf(name).length === 0 && loadUnit(name).last('Service.Type') === 'forking' ? 'failed' : state),
    processes: () => processes().length,
  }
}
