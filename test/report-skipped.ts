import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node'

/** One suite, or one test by itself, that did not run. */
export interface Skipped {
  readonly name: string
  /** How many tests that is. */
  readonly tests: number
  readonly reason: string
}

const reasonInTitle = /\s*[[(]skipped: (?<reason>.+)[\])]$/

const nameOf = (task: TestCase | TestSuite): string => {
  const parts: string[] = []
  for (let each: TestCase | TestSuite | TestModule = task; each.type !== 'module'; each = each.parent) parts.unshift(each.name)
  return `${task.module.relativeModuleId} > ${parts.join(' > ')}`
}

/** The reason that a title carries. */
const reasonIn = (title: string): string | undefined => reasonInTitle.exec(title)?.groups?.['reason'] ?? (title.includes('not installed') ? title : undefined)

const noteOf = (test: TestCase): string | undefined => {
  const result = test.result()
  return result.state === 'skipped' ? result.note : undefined
}

/**
 * The outermost suite whose title gives a reason, or the test itself. A suite's own mode says nothing: it counts as
 * skipped, too, when all of its tests are.
 */
const unitOf = (test: TestCase): { readonly unit: TestCase | TestSuite; readonly reason: string } => {
  const suites: TestSuite[] = []
  for (let each = test.parent; each.type !== 'module'; each = each.parent) suites.unshift(each)
  const unit = [...suites, test].find((each) => reasonIn(each.name) !== undefined) ?? test
  return { unit, reason: reasonIn(unit.name) ?? noteOf(test) ?? 'no reason given' }
}

/** All that was skipped, suite by suite, in the order of the run. */
export const skippedIn = (modules: readonly TestModule[]): readonly Skipped[] => {
  const found = new Map<TestCase | TestSuite, Skipped>()
  for (const test of modules.flatMap((module) => [...module.children.allTests('skipped')])) {
    const { unit, reason } = unitOf(test)
    const name = nameOf(unit).replace(reasonInTitle, '')
    found.set(unit, { name, tests: (found.get(unit)?.tests ?? 0) + 1, reason })
  }
  return [...found.values()]
}

/** The list for people: by reason, each of which says how to have the suites run. Empty if nothing was skipped. */
export const skippedText = (skipped: readonly Skipped[]): string => {
  if (skipped.length === 0) return ''
  const reasons = [...new Set(skipped.map(({ reason }) => reason))]
  const blocks = reasons.map((reason) => {
    const lines = skipped.filter((each) => each.reason === reason).map(({ name, tests }) => `    ${name} (${tests} ${tests === 1 ? 'test' : 'tests'})\n`)
    return `  ${reason}\n${lines.join('')}`
  })
  return `\nSkipped, by reason:\n${blocks.join('')}\n`
}

/** Lists at the end of a run what was skipped and why; a run that skips nothing says nothing. */
export const reportSkipped = (print: (text: string) => void): Reporter => ({
  onTestRunEnd: (modules) => print(skippedText(skippedIn(modules))),
})
