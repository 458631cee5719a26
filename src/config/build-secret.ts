import { resolve } from 'node:path'
import type { NamedFiles } from './named-files.ts'
import { errorAt, errorAtKey, type Path, type Report, warningAt } from './problem.ts'
import { Secret } from './secret.ts'

/** Container runtimes put secrets here, readable by everyone inside the one container that gets them. */
const runtimeSecrets = '/run/secrets/'

interface Wanted {
  /** The provider's or key's map, and the key that holds the secret itself; with `File` appended, the file's. */
  readonly path: Path
  readonly key: string
  readonly text: string | undefined
  readonly file: string | undefined
}

/** The secret from the config or from the file that it names: exactly one of them. */
export const buildSecret = (wanted: Wanted, files: NamedFiles, report: Report): Secret | undefined => {
  const { path, key, text, file } = wanted
  const fileKey = `${key}File`
  if (text !== undefined && file !== undefined) report(errorAtKey([...path, fileKey], `"${key}" and "${fileKey}" exclude each other; keep one`))
  if (text !== undefined) return new Secret(text)
  if (file === undefined) {
    report({ ...errorAtKey(path, `"${path.at(-1)}" needs "${key}", such as \${VARIABLE}, or "${fileKey}"`), restsOn: path })
    return undefined
  }
  const at = [...path, fileKey]
  const read = files.get(file)
  if (read?.kind !== 'read') {
    report(errorAt(at, `cannot read ${file}: ${read?.reason ?? 'it was not read'}`))
    return undefined
  }
  const content = read.text.replace(/\r?\n$/, '')
  if (content.trim() === '') {
    report(errorAt(at, `${file} is empty`))
    return undefined
  }
  if (/[\r\n]/.test(content)) {
    report(errorAt(at, `${file} has more than one line; it must hold the secret alone`))
    return undefined
  }
  if ((read.mode & 0o004) !== 0 && !resolve(file).startsWith(runtimeSecrets)) {
    report(warningAt(at, `${file} can be read by every user of this machine (mode ${read.mode.toString(8)}); chmod 600 it`))
  }
  return new Secret(content.trim())
}
