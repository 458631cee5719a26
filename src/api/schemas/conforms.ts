import type { z } from 'zod'

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T

/**
 * Checks at compile time that a schema says neither less nor more than a view, so that what is documented is what is sent:
 * `conforms<SiteView>()(z.object({...}))`.
 */
export const conforms =
  <View>() =>
  <Schema extends z.ZodType<View>>(schema: View extends Frozen<z.output<Schema>> ? (keyof Frozen<z.output<Schema>> extends keyof View ? Schema : never) : never): Schema =>
    schema
