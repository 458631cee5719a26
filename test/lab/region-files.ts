import type { LabCommand } from './lab-command.ts'

export const documentRoot = '/var/www/html'

/** Waits until it is so, and gives how long that took, in milliseconds. */
export const untilTrue = async (what: string, isSo: () => Promise<boolean>, withinMs: number): Promise<number> => {
  const begun = Date.now()
  while (!(await isSo())) {
    if (Date.now() > begun + withinMs) throw new Error(`${what}: not within ${withinMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return Date.now() - begun
}

export interface RegionFiles {
  /** The pages of a region as `name size`, in order. */
  files(region: string): Promise<readonly string[]>
  write(region: string, name: string, text: string): Promise<void>
  /** A shell script in the document root; gives its output. */
  edit(region: string, script: string): Promise<string>
  has(region: string, name: string, text: string): Promise<boolean>
  /** Waits until a page has this text, and gives how long that took. */
  untilHas(region: string, name: string, text: string, withinMs?: number): Promise<number>
  /** Waits until all of these regions have the same pages, the text of each included, and gives them. */
  untilAlike(regions: readonly string[], withinMs?: number): Promise<readonly string[]>
}

/** What stands in the regions' document roots, without what the replication keeps there for itself. */
export const regionFiles = (lab: LabCommand): RegionFiles => {
  const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '').toSorted()
  const edit = (region: string, script: string): Promise<string> => lab('exec', region, '/bin/sh', '-c', `cd ${documentRoot} && ${script}`)
  const files = async (region: string): Promise<readonly string[]> => lines(await edit(region, "find . -type f -not -path './.dns-failover*' -printf '%P %s\\n'"))
  const contents = async (region: string): Promise<string> => lines(await edit(region, "find . -type f -not -path './.dns-failover*' -exec sha256sum {} +")).join('\n')
  const has = async (region: string, name: string, text: string): Promise<boolean> => (await lab.tried('exec', region, 'cat', `${documentRoot}/${name}`)).output.trim() === text
  return {
    files,
    edit,
    has,
    write: async (region, name, text) => void (await edit(region, `echo '${text}' >'${name}'`)),
    untilHas: (region, name, text, withinMs = 40_000) => untilTrue(`${name} in ${region}`, () => has(region, name, text), withinMs),
    untilAlike: async (regions, withinMs = 40_000) => {
      const [first = '', ...others] = regions
      await untilTrue(
        `the same pages in ${regions.join(', ')}`,
        async () => {
          const wanted = await contents(first)
          const found = await Promise.all(others.map((region) => contents(region)))
          return found.every((each) => each === wanted)
        },
        withinMs,
      )
      return files(first)
    },
  }
}
