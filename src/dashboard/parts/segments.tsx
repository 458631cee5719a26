import type { JSX } from 'preact'

interface Props<T extends string> {
  readonly label: string
  readonly options: readonly T[]
  readonly chosen: T
  readonly textOf?: (option: T) => string
  readonly onChoose: (option: T) => void
}

/** One of a few. */
export const Segments = <T extends string>({ label, options, chosen, textOf, onChoose }: Props<T>): JSX.Element => (
  <div class="segments" role="group" aria-label={label}>
    {options.map((option) => (
      <button key={option} type="button" class={option === chosen ? 'chosen' : ''} aria-pressed={option === chosen} onClick={() => onChoose(option)}>
        {textOf === undefined ? option : textOf(option)}
      </button>
    ))}
  </div>
)
