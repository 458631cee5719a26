import { errorAt, type Path, type Report } from './problem.ts'
import type { Secret } from './secret.ts'

const minLength = 16

/** A key that somebody shares with us: long enough not to be guessed. */
export const checkKey = (secret: Secret, path: Path, report: Report): void => {
  const { length } = secret.reveal()
  if (length < minLength) report(errorAt(path, `is only ${length} characters long; take at least ${minLength}, such as: openssl rand -hex 32`))
}

/** What somebody else gave us to show as a bearer: a header can carry it. */
export const checkBearer = (secret: Secret, path: Path, report: Report): void => {
  if (/[^\u0021-\u007e]/.test(secret.reveal())) report(errorAt(path, 'holds spaces or characters that a header cannot carry; take letters, digits and -._~+/='))
}

/** A token that others show to us. */
export const checkToken = (secret: Secret, path: Path, report: Report): void => {
  checkKey(secret, path, report)
  checkBearer(secret, path, report)
}
