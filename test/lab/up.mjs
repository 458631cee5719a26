import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { configText, program, renderedFrom } from './config.mjs'
import { buildHouse, houseIsThere, razeHouse } from './house.mjs'
import { installManager, startManager } from './manager.mjs'
import { ask, switchOn } from './machine.mjs'
import { installDns, installResolver, newTsigSecret, untilResolved, useResolver } from './name-servers.mjs'
import { machineNames, regions, stateFolder } from './places.mjs'
import { installRegion, makeHostKeys, writePage } from './region.mjs'
import { installReplication } from './replication.mjs'
import { LabError, until } from './run.mjs'
import { fetchFrom } from './status.mjs'

const readyFile = `${stateFolder}/ready`

/** Builds the whole lab. What a crash has left is cleaned away first; a lab that stands is left alone. */
export const up = async ({ isManaged = true, mode = 'single-writer', topology = 'mesh', delay = '1s' } = {}, say) => {
  if (!existsSync(program)) throw new LabError('the program is not built; build it with: npm run build')
  if (houseIsThere() && existsSync(readyFile)) throw new LabError('the lab is up already; end it with: npm run lab -- down')
  if (await razeHouse()) say('cleaned away what an earlier lab had left')
  await buildHouse()
  chmodSync(stateFolder, 0o700)
  const machines = isManaged ? machineNames : machineNames.filter((name) => name !== 'manager')
  writeFileSync(renderedFrom, configText({ hostKeys: await makeHostKeys(regions), mode, topology, delay }))
  await Promise.all(machines.map((name) => switchOn(name)))
  say(`${machines.length} machines are on`)
  const tsigSecret = newTsigSecret()
  await Promise.all([installDns(tsigSecret), installResolver(), useResolver('client'), ...regions.map((region) => installRegion(region)), ...(isManaged ? [installManager(tsigSecret)] : [])])
  await Promise.all(['dns', 'resolver'].map((name) => ask(name, { verb: 'boot' })))
  await untilResolved()
  say('the zone answers through the resolver')
  await writePage(regions[0], 'index.html', 'Hello, World!\n')
  await installReplication(regions)
  await Promise.all(regions.map((region) => until(`the page at ${region}`, async () => ((await fetchFrom(region, '/')).body.includes('Hello') ? true : undefined))))
  say('the page is in every region')
  if (isManaged) {
    await startManager()
    say('the manager watches')
  }
  writeFileSync(readyFile, '')
}
