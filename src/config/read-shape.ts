import { ConfigInput } from './config-schema.ts'
import { type Diagnosis, diagnose, isEcho, maxDiagnoses, valueAt } from './issue-finding.ts'
import { type Finding, isUnder, type Path } from './problem.ts'
import { placeKey } from './yaml-tree.ts'

export interface Shape {
  /** What could be understood; undefined if too little for any further judgement. */
  readonly input: ConfigInput | undefined
  readonly findings: readonly Finding[]
  /** Where something was given up or made up to get this far: findings about it would be echoes. */
  readonly lost: readonly Path[]
  /** Unknown keys that were read as the key that was meant: from where they are to where they should be. */
  readonly renames: readonly Rename[]
}

export interface Rename {
  readonly from: Path
  readonly to: Path
}

/** Where in the file a path of the repaired value really is. */
export const originalPath = (path: Path, renames: readonly Rename[]): Path =>
  renames.reduceRight((now, { from, to }) => (isUnder(now, to) ? [...from, ...now.slice(to.length)] : now), path)

const maxRounds = 8

/** What stands in for a required value so that its neighbours can still be judged, by its path. */
const standIns: readonly { readonly at: readonly string[]; readonly value: unknown }[] = [
  { at: ['version'], value: 1 },
  { at: ['providers'], value: {} },
  { at: ['sites'], value: {} },
  { at: ['sites', '*', 'regions'], value: {} },
  { at: ['sites', '*', 'check'], value: { url: 'https://{site}/' } },
  { at: ['sites', '*', 'check', 'url'], value: 'https://{site}/' },
]

const standInFor = (path: Path): { readonly value: unknown } | undefined =>
  standIns.find(({ at }) => at.length === path.length && at.every((part, index) => part === '*' || part === path[index]))

type Container = Record<string | number, unknown>

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null

/** An element cannot leave its list without moving the others: the list goes. */
const withList = (path: Path): Path => {
  const list = path.findIndex((part) => typeof part === 'number')
  return list === -1 ? path : path.slice(0, list)
}

const remove = (root: unknown, path: Path): void => {
  const target = withList(path)
  const key = target.at(-1)
  const owner = valueAt(root, target.slice(0, -1))
  if (key === undefined || !isContainer(owner)) return
  const isThere = Object.hasOwn(owner, key)
  delete owner[key]
  const standIn = standInFor(target)
  if (standIn !== undefined) owner[key] = structuredClone(standIn.value)
  // A list may have gone for another of its elements; anything else that is not there is what its owner cannot be without.
  else if (!isThere && target === path) remove(root, target.slice(0, -1))
}

const repair = (root: unknown, { repair: step }: Diagnosis): void => {
  if (step.kind === 'remove') return remove(root, step.path)
  const owner = valueAt(root, step.path.slice(0, -1))
  const key = step.path.at(-1)
  if (key === undefined || !isContainer(owner)) return
  owner[step.to] = owner[key]
  delete owner[key]
}

/** A key that is missing only because it is misspelled is not missing. */
const withoutRenamed = (diagnoses: readonly Diagnosis[]): readonly Diagnosis[] => {
  const meant = new Set(diagnoses.flatMap(({ repair: step }) => (step.kind === 'rename' ? [placeKey([...step.path.slice(0, -1), step.to])] : [])))
  return diagnoses.filter(({ finding, isLoss }) => !isLoss || !meant.has(placeKey(finding.path)))
}

/**
 * Reads the config's shape. After an error the value is repaired (an unknown key renamed to the one that was
 * meant, a bad value removed) and read again, so that one slip does not hide the others.
 */
export const readShape = (value: unknown): Shape => {
  const root: unknown = structuredClone(value)
  const findings: Finding[] = []
  const lost: Path[] = []
  const renames: Rename[] = []
  for (let round = 0; round < maxRounds; round += 1) {
    const result = ConfigInput.safeParse(root)
    if (result.success) return { input: result.data, findings, lost, renames }
    const diagnoses = withoutRenamed(result.error.issues.slice(0, maxDiagnoses).flatMap((issue) => diagnose(issue, root)).slice(0, maxDiagnoses))
    const fresh = diagnoses.map((each) => each.finding).filter((finding) => !isEcho(finding, lost))
    findings.push(...fresh.map((finding) => ({ ...finding, path: originalPath(finding.path, renames) })))
    lost.push(...diagnoses.filter((each) => each.isLoss).map((each) => withList(each.repair.path)))
    for (const { repair: step } of diagnoses) {
      if (step.kind === 'rename') renames.push({ from: step.path, to: [...step.path.slice(0, -1), step.to] })
    }
    for (const each of diagnoses) repair(root, each)
  }
  return { input: undefined, findings, lost, renames }
}
