import { errorAtKey, type Path, type Report } from './problem.ts'

/** Checks a name of people's own choice, at the end of its path: it stands in logs, file names and URLs. */
export const checkEntryName = (kind: string, path: Path, report: Report): void => {
  if (/^[\w.-]{1,63}$/.test(String(path.at(-1)))) return
  report(errorAtKey(path, `the name of a ${kind} is 1 to 63 letters, digits, "-", "_" and "."`))
}
