/** A file as it is to stand on a region's server. */
export interface RenderedFile {
  /** Absolute: where it goes. Otherwise beside the others, for people and for the installation. */
  readonly path: string
  readonly mode: number
  readonly text: string
  /** What it is, in a few words. */
  readonly about: string
}
