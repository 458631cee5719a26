import { fileURLToPath } from 'node:url'
import { type PageFiles, readPageFiles } from '../../api/page-files.ts'
import type { Log } from '../../compose/log.ts'

/** Of the package, whether this runs as it was compiled or from source. */
const directory = new URL('../../../dist/dashboard', import.meta.url)

/** The pages, as `npm run build` made them; undefined: it did not, or they cannot be read, which is logged. The API goes on without. */
export const builtPages = async (log: Log): Promise<PageFiles | undefined> => {
  try {
    return await readPageFiles(fileURLToPath(directory))
  } catch (error) {
    log('warn', `the dashboard cannot be shown: ${error instanceof Error ? error.message : String(error)}`, { event: 'no-dashboard' })
    return undefined
  }
}
