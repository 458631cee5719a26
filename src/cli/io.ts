/** Where a command's output goes. Results on stdout, everything else on stderr. */
export interface Io {
  /** Writes text as it is, newlines included. */
  stdout(text: string): void
  stderr(text: string): void
  /** Whether people who see colours read it. */
  readonly color: boolean
}
