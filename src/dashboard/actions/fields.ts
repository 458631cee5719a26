/** What an action asks for. */
export type Field =
  | { readonly kind: 'span'; readonly name: string; readonly label: string; readonly initial: string; readonly offers: readonly string[]; readonly isOptional?: boolean; readonly hint?: string }
  | { readonly kind: 'text'; readonly name: string; readonly label: string; readonly hint?: string }
  | { readonly kind: 'addresses'; readonly name: string; readonly label: string; readonly hint?: string }
  | { readonly kind: 'choice'; readonly name: string; readonly label: string; readonly options: readonly { readonly value: string; readonly text: string }[] }
  | { readonly kind: 'check'; readonly name: string; readonly label: string; readonly hint?: string }

/** By name; of a box that is ticked, `yes`. */
export type Values = Readonly<Record<string, string>>

export const initialValues = (fields: readonly Field[]): Values =>
  Object.fromEntries(fields.map((field) => [field.name, field.kind === 'span' ? field.initial : field.kind === 'choice' ? (field.options[0]?.value ?? '') : '']))

/** As the API reads them: separated by spaces, commas or lines. */
export const addressList = (text: string): readonly string[] => text.split(/[\s,;]+/).filter((part) => part !== '')

/** `1h` as it is said: `1 h`, `1 h 30 min`. */
export const spanWords = (span: string): string => span.replaceAll(/(?<count>\d+)(?<unit>[smhd])/g, (_all, count: string, unit: string) => `${count} ${unit === 'm' ? 'min' : unit} `).trim()
