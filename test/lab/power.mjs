import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { endSilence, silence } from './faults.mjs'
import { inHouse } from './house.mjs'
import { ask, machinePid, switchOff, switchOn } from './machine.mjs'
import { discFolder, machineFolder, machines } from './places.mjs'
import { installRegion } from './region.mjs'
import { restoreReplication } from './replication.mjs'

const addressFile = (name) => `${machineFolder(name)}/address`

/** The address that a machine has; another than at first after it was rebuilt elsewhere. */
export const addressOf = (name) => (existsSync(addressFile(name)) ? readFileSync(addressFile(name), 'utf8') : machines[name].address)

/** A power cut: nothing is said any more, neither by the machine nor by the router in its place. */
export const powerOff = async (name) => {
  await silence(name)
  await switchOff(name)
}

/** Switches on what is off; otherwise starts again what was killed. Returns once the services are started. */
export const start = async (name) => {
  if (machinePid(name) === undefined) {
    await switchOn(name, addressOf(name))
    await endSilence(name)
  }
  await ask(name, { verb: 'boot' })
}

/** A reboot in order: services are stopped first, then the machine goes and comes. */
export const reboot = async (name) => {
  const { units } = await ask(name, { verb: 'units' })
  await Promise.all(units.filter(({ state }) => state === 'active').map((unit) => ask(name, { verb: 'stop', unit: unit.name })))
  await powerOff(name)
  await start(name)
}

/** A region's server, lost for good, is deployed anew at another address of its network: an empty disc, but the keys from the backup. */
export const rebuild = async (name, address) => {
  if (machinePid(name) !== undefined) await powerOff(name)
  await inHouse(['rm', '-rf', discFolder(name)])
  writeFileSync(addressFile(name), address)
  await switchOn(name, address)
  await endSilence(name)
  await installRegion(name)
  await restoreReplication(name)
}
