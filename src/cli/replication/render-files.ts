import { join } from 'node:path'
import { renderReplication } from '../../replication/render.ts'
import type { Io } from '../io.ts'
import { printable, type Style } from '../render/style.ts'
import { runVerb, type VerbOptions } from '../verb.ts'
import { misused, regionProblem, replicatedSite } from './replicated-site.ts'
import { writeFiles } from './write-files.ts'

export interface RenderOptions extends VerbOptions {
  readonly region: string
  /** A directory; undefined: only told. */
  readonly out: string | undefined
}

/** What `replication render --json` prints besides the usual. */
interface RenderData {
  readonly site: string | null
  readonly region: string
  /** Where they were written; null: they were not. */
  readonly out: string | null
  readonly warnings: readonly string[]
  /** `mode` in octal. */
  readonly files: readonly { readonly path: string; readonly mode: string; readonly about: string; readonly content: string }[]
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0')

const text = (data: RenderData, style: Style): string => {
  if (data.site === null) return ''
  if (data.out !== null) return `${data.files.length} files for region ${data.region} of ${data.site} are in ${data.out}; begin with ${join(data.out, 'INSTALL.md')}\n`
  return data.files.map(({ path, mode, about, content }) => `${style.bold(`==> ${path}`)} ${style.dim(`(${mode}) ${about}`)}\n${content}\n`).join('')
}

/** Turns the config into the files that one region's server needs. */
export const renderFiles = (options: RenderOptions, io: Io, env: NodeJS.ProcessEnv): Promise<number> => {
  const nothing: RenderData = { site: null, region: options.region, out: null, warnings: [], files: [] }
  return runVerb<RenderData>(options, io, env, {
    nothing,
    act: async ({ sites }) => {
      const chosen = replicatedSite(sites)
      if (chosen.kind === 'none') return misused(nothing, chosen.message)
      const problem = regionProblem(options.region, chosen.replication)
      if (problem !== undefined) return misused(nothing, problem)
      const { files, warnings } = renderReplication(chosen.site.name, options.region, chosen.replication)
      if (options.out !== undefined) await writeFiles(options.out, files)
      for (const warning of warnings) io.stderr(`warning: ${printable(warning)}\n`)
      const told = files.map((file) => ({ path: file.path, mode: octal(file.mode), about: file.about, content: file.text }))
      return { exitCode: 0, data: { site: chosen.site.name, region: options.region, out: options.out ?? null, warnings, files: told } }
    },
    render: text,
  })
}
