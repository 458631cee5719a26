import type { Command, Option } from 'commander'

/** What an option or an argument is completed with. */
export type Values = { readonly kind: 'none' } | { readonly kind: 'file' } | { readonly kind: 'text' } | { readonly kind: 'one-of'; readonly choices: readonly string[] }

export interface OptionShape {
  /** With their dashes, the short one first. */
  readonly flags: readonly string[]
  readonly description: string
  readonly values: Values
}

export interface VerbShape {
  readonly name: string
  readonly description: string
  readonly options: readonly OptionShape[]
  /** Of its arguments, all of one kind; undefined: it takes none. */
  readonly argument: Values | undefined
}

const valuesOf = (name: string, choices: readonly string[] | undefined): Values =>
  choices !== undefined ? { kind: 'one-of', choices } : name === 'file' ? { kind: 'file' } : { kind: 'text' }

const optionShape = ({ short, long, description, flags, argChoices, required, optional }: Option): OptionShape => ({
  flags: [short, long].flatMap((flag) => flag ?? []),
  description,
  values: required || optional ? valuesOf(/[<[](?<name>\w+)/.exec(flags)?.groups?.['name'] ?? '', argChoices) : { kind: 'none' },
})

const help: OptionShape = { flags: ['-h', '--help'], description: 'display help for command', values: { kind: 'none' } }

/** A verb of several, such as `replication render`, has their options together, and their names to begin with. */
const verbShape = (command: Command): VerbShape => {
  const [argument] = command.registeredArguments
  const options = new Map([command, ...command.commands].flatMap((each) => each.options).map((option) => [option.flags, optionShape(option)] as const))
  const inner = command.commands.map((each) => each.name())
  const ofArgument = argument === undefined ? undefined : valuesOf(argument.name(), argument.argChoices)
  return {
    name: command.name(),
    description: command.description(),
    options: [...options.values(), help],
    argument: inner.length === 0 ? ofArgument : { kind: 'one-of', choices: inner },
  }
}

/** What there is to complete of a program: its own options, and its verbs. */
export interface ProgramShape {
  readonly options: readonly OptionShape[]
  readonly verbs: readonly VerbShape[]
}

export const shapeOf = (program: Command): ProgramShape => ({ options: [...program.options.map(optionShape), help], verbs: program.commands.map(verbShape) })
