/** Where in the config something stands: map keys and list indexes from the root. */
export type Path = readonly (string | number)[]

/** Something to say about the config, not yet located in its text. */
export interface Finding {
  readonly severity: 'error' | 'warning'
  readonly path: Path
  /** Whether the key or its value is meant. */
  readonly part: 'key' | 'value'
  /** A piece of the value to point at, if it stands there literally. */
  readonly needle?: string
  /** What else the finding rests on: if anything of that could not be read, there is nothing to say yet. */
  readonly restsOn?: Path
  readonly message: string
}

/** Takes what a step of reading the config has to say; the step goes on. */
export type Report = (finding: Finding) => void

/** A finding at its place in the file. Never holds the value of a secret or of an environment variable. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  /** From 1. */
  readonly line: number
  /** In UTF-16 units, from 1. */
  readonly column: number
  /** How much of the line is meant, in UTF-16 units; at least 1. */
  readonly length: number
  /** Such as `sites["a.example"].check.url`; empty for the file as a whole. */
  readonly path: string
  readonly message: string
}

export const errorAt = (path: Path, message: string, needle?: string): Finding => ({
  severity: 'error',
  path,
  part: 'value',
  message,
  ...(needle === undefined ? {} : { needle }),
})

export const errorAtKey = (path: Path, message: string): Finding => ({ severity: 'error', path, part: 'key', message })

export const warningAt = (path: Path, message: string): Finding => ({ severity: 'warning', path, part: 'value', message })

/** Whether `path` is `prefix` or lies under it. */
export const isUnder = (path: Path, prefix: Path): boolean => prefix.every((part, at) => path[at] === part)

/** As JavaScript would write it: `sites["a.example"].regions.msk.addresses[0]`. */
export const pathText = (path: Path): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    if (!/^[A-Za-z_][\w]*$/.test(part)) return `${text}[${JSON.stringify(part)}]`
    return text === '' ? part : `${text}.${part}`
  }, '')
