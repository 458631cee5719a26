import type { Facilities, FacilityOptions } from '../cli/service/facilities.ts'
import { createFacilities } from '../cli/service/facilities.ts'
import type { Config } from '../config/config.ts'
import type { Operations } from '../engine/operations.ts'
import { DemoError, isTaken } from './demo-error.ts'

/** The dashboard, and what it shows besides the present: a history, and the API behind both. */
export interface Dashboard {
  readonly port: number
  readonly facilities: Facilities
}

export interface DashboardOptions extends FacilityOptions {
  /** Where it is to listen; taken, the next ones are tried. */
  readonly firstPort: number
  readonly operations: Operations
  /** The config that has it listen there. */
  readConfig(port: number): Promise<Config>
  readonly say: (text: string) => void
}

const portsTried = 100

/** Opens it as the service does. @throws DemoError if no port is free */
export const startDashboard = async (options: DashboardOptions): Promise<Dashboard> => {
  const last = Math.min(65_535, options.firstPort + portsTried - 1)
  for (let port = options.firstPort; port <= last; port += 1) {
    const facilities = createFacilities(await options.readConfig(port), options)
    try {
      await facilities.open(options.operations)
      return { port, facilities }
    } catch (error) {
      await facilities.close()
      if (!isTaken(error)) throw error
      if (port < last) options.say(`port ${port} of 127.0.0.1 is taken: trying ${port + 1}`)
    }
  }
  throw new DemoError('port', `none of the ports ${options.firstPort} to ${last} of 127.0.0.1 is free for the dashboard; choose others with --dashboard-port`)
}
