import { errorAtKey, type Path, type Report } from './problem.ts'

/** Checks a name of people's own choice, at the end of its path: it stands in logs, file names and URLs. */
export const checkEntryName = (kind: string, path: Path, report: Report): void => {
  const name = String(path.at(-1))
  if (name === '.' || name === '..') return report(errorAtKey(path, `"${name}" is no name of a ${kind}: in file names and URLs it means another folder`))
  if (/^[\w.-]{1,63}$/.test(name)) return
  report(errorAtKey(path, `the name of a ${kind} is 1 to 63 letters, digits, "-", "_" and "."`))
}
