import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import type { Reporter, TestModule } from 'vitest/node'
import { skippedIn } from '../report-skipped.ts'
import { type Table, tableText } from './table.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** What a part of the bench has measured. */
    tables?: readonly Table[]
  }
}

const machine = { cores: availableParallelism(), processor: cpus()[0]?.model ?? 'unknown', memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version }

const machineText = `\nOn ${machine.cores} cores (${machine.processor}), ${machine.memoryGiB} GiB, Node ${machine.node}.\n`

const tablesOf = (modules: readonly TestModule[]): readonly Table[] => modules.flatMap((module) => [...module.children.allTests()].flatMap((test) => test.meta().tables ?? []))

/** Hands on what has been measured: to the file that `bench.mjs` puts together with others, or else to people, at the end. */
export const reportTables = (file: string | undefined, print: (text: string) => void): Reporter => ({
  onTestRunEnd: (modules) => {
    const tables = tablesOf(modules)
    const skipped = [...new Set(skippedIn(modules).map(({ reason }) => reason))]
    const text = tables.length === 0 ? '' : `${tables.map(tableText).join('')}${machineText}`
    if (file === undefined) print(text)
    else writeFileSync(file, JSON.stringify({ machine, tables, text, skipped }))
  },
})
