/** Where everything is: the machines of the lab, their addresses, and the names in its zone. */

export const zone = 'example.test'
export const site = 'failover.example.test'

/** Regions in the order of the config; the first is the writer. */
export const regions = ['msk', 'ams', 'fra']

/**
 * Every machine has a network of its own behind the router, as servers at different hosts have. The regions' are of the
 * documentation networks (RFC 5737), which dns-failover takes for public ones.
 */
export const machines = {
  msk: { address: '203.0.113.10', gateway: '203.0.113.1' },
  ams: { address: '198.51.100.20', gateway: '198.51.100.1' },
  fra: { address: '192.0.2.30', gateway: '192.0.2.1' },
  dns: { address: '10.0.53.53', gateway: '10.0.53.1' },
  resolver: { address: '10.0.54.53', gateway: '10.0.54.1' },
  client: { address: '10.0.55.5', gateway: '10.0.55.1' },
  manager: { address: '10.0.56.6', gateway: '10.0.56.1' },
}

export const machineNames = Object.keys(machines)
export const isRegion = (name) => regions.includes(name)

/** A region's service subdomain. */
export const serviceName = (region) => `failover${region}.${zone}`

/** One folder holds all that there is of a lab; a name of its own lets a second one stand beside it. */
const labName = process.env.LAB_NAME ?? 'lab'
if (!/^[a-z][a-z0-9-]{0,30}$/.test(labName)) throw new Error(`LAB_NAME is "${labName}": small letters, digits and hyphens, at most 31`)
export const stateFolder = `/run/dns-failover-${labName}`
export const machineFolder = (name) => `${stateFolder}/machines/${name}`
export const discFolder = (name) => `${stateFolder}/discs/${name}`
/** Where a machine is looked for by the command that controls it; the machine itself sees its folder as `/run/lab`. */
export const controlSocket = (name) => `${machineFolder(name)}/control.sock`
