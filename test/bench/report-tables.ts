import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import type { Reporter } from 'vitest/node'
import { skippedIn } from '../report-skipped.ts'
import { goalText } from './goals.ts'
import { type Table, tableText } from './table.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** What a part of the bench has measured. */
    tables?: readonly Table[]
  }
}

const compared = ['gdnsd', 'pdns-server', 'haproxy', 'prometheus-blackbox-exporter', 'nginx-light', 'bind9']

/** The Debian versions of what is compared with; empty where there is no Debian. */
const packages = (): readonly string[] =>
  (spawnSync('dpkg-query', ['-W', '-f', '${Package} ${Version}\\n', ...compared], { encoding: 'utf8' }).stdout ?? '').split('\n').filter((line) => / \S/.test(line))

const describeMachine = () => ({ cores: availableParallelism(), processor: cpus()[0]?.model ?? 'unknown', memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version, packages: packages() })

const machineText = ({ cores, processor, memoryGiB, node, packages: versions }: ReturnType<typeof describeMachine>): string =>
  `On ${cores} cores (${processor}), ${memoryGiB} GiB, with ${[`Node ${node}`, ...versions].join(', ')}.\n`

const goalsText = (tables: readonly Table[]): string => tables.flatMap(({ goals = [] }) => goals.map(goalText)).join('')

/** What never came is not left out of a measurement. */
const nullForNone = (_: string, value: unknown): unknown => (value === undefined ? null : value)

/**
 * Hands on what has been measured: after each test to the file that `bench.mjs` puts together with others, so that it is not lost
 * when the next one is interrupted, or else to people, at the end.
 */
export const reportTables = (file: string | undefined, print: (text: string) => void): Reporter => {
  const tables: Table[] = []
  const machine = describeMachine()
  const about = machineText(machine)
  const text = (): string => tables.map(tableText).join('')
  const save = (skipped: readonly string[]): void => {
    if (file !== undefined) writeFileSync(file, JSON.stringify({ machine, about, tables, text: text(), goals: goalsText(tables), skipped }, nullForNone))
  }
  return {
    onTestCaseResult: (test) => {
      tables.push(...(test.meta().tables ?? []))
      save([])
    },
    onTestRunEnd: (modules) => {
      save([...new Set(skippedIn(modules).map(({ reason }) => reason))])
      if (file === undefined) print(`${text()}\n${goalsText(tables)}\n${about}`)
    },
  }
}
