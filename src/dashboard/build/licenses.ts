import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plugin } from 'vite'

interface Package {
  readonly folder: string
  readonly name: string
}

/** The package that a module is from, innermost folder; undefined: our own. */
const packageOf = (id: string): Package | undefined => {
  const groups = /^\0?(?<folder>.*\/node_modules\/(?<name>(?:@[^/]+\/)?[^/]+))\//.exec(id)?.groups
  const { folder, name } = groups ?? {}
  return folder === undefined || name === undefined ? undefined : { folder, name }
}

const licenseText = async ({ folder, name }: Package): Promise<string> => {
  const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { readonly version: string; readonly license: string }
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each))
  if (file === undefined) throw new Error(`${name} has no licence file: what is bundled must carry it`)
  return `${name} ${version} (${license})\n\n${(await readFile(join(folder, file), 'utf8')).trim()}\n`
}

/** Writes `licenses.txt`: of every package that went into the pages, its licence. */
export const licenses = (): Plugin => ({
  name: 'licenses',
  apply: 'build',
  async generateBundle(_options, bundle) {
    const ids = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? Object.keys(file.modules) : []))
    const packages = new Map(ids.flatMap((id) => packageOf(id) ?? []).map((each) => [each.folder, each]))
    const texts = await Promise.all([...packages.values()].toSorted((a, b) => a.name.localeCompare(b.name)).map(licenseText))
    this.emitFile({ type: 'asset', fileName: 'licenses.txt', source: texts.join(`\n${'-'.repeat(80)}\n\n`) })
  },
})
