import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { buildHouse, houseIsThere, razeHouse } from './house.mjs'
import { installManager } from './manager.mjs'
import { ask, switchOn } from './machine.mjs'
import { installDns, installResolver, newTsigSecret, untilResolved, useResolver } from './name-servers.mjs'
import { machineNames, regions, stateFolder } from './places.mjs'
import { hostKey, installRegion, makeHostKeys } from './region.mjs'
import { LabError } from './run.mjs'

const readyFile = `${stateFolder}/ready`

/** Builds the whole lab. What a crash has left is cleaned away first; a lab that stands is left alone. */
export const up = async ({ isManaged = true } = {}, say) => {
  if (houseIsThere() && existsSync(readyFile)) throw new LabError('the lab is up already; end it with: npm run lab -- down')
  if (await razeHouse()) say('cleaned away what an earlier lab had left')
  await buildHouse()
  chmodSync(stateFolder, 0o700)
  const machines = isManaged ? machineNames : machineNames.filter((name) => name !== 'manager')
  await makeHostKeys(regions)
  await Promise.all(machines.map((name) => switchOn(name)))
  say(`${machines.length} machines are on`)
  const tsigSecret = newTsigSecret()
  await Promise.all([installDns(tsigSecret), installResolver(), useResolver('client'), ...regions.map((region) => installRegion(region)), ...(isManaged ? [installManager(tsigSecret)] : [])])
  await Promise.all(['dns', 'resolver'].map((name) => ask(name, { verb: 'boot' })))
  await untilResolved()
  say('the zone answers through the resolver')
  await Promise.all(regions.map((region) => ask(region, { verb: 'boot' })))
  if (isManaged) await ask('manager', { verb: 'boot' })
  void hostKey
  writeFileSync(readyFile, '')
}
