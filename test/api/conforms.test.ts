import { expect, it } from 'vitest'
import { z } from 'zod'
import { conforms } from '../../src/api/schemas/conforms.ts'

interface View {
  readonly name: string
  readonly kind: 'a' | 'b'
  readonly list: readonly { readonly id: number | null }[]
}

const list = z.array(z.object({ id: z.number().nullable() }))

/** Each line that the compiler must refuse is marked; were it not refused, the mark would be an error itself. */
it('takes a schema that says what the view says, neither less nor more', () => {
  const name = z.string()
  const kind = z.enum(['a', 'b'])
  const schema = conforms<View>()(z.object({ name, kind, list }))
  expect(schema.parse({ name: 'n', kind: 'a', list: [] })).toEqual({ name: 'n', kind: 'a', list: [] })
  // @ts-expect-error a field is missing
  conforms<View>()(z.object({ name, kind }))
  // @ts-expect-error a field is too much
  conforms<View>()(z.object({ name, kind, list, more: name }))
  // @ts-expect-error a kind is missing
  conforms<View>()(z.object({ name, kind: z.enum(['a']), list }))
  // @ts-expect-error a kind is too much
  conforms<View>()(z.object({ name, kind: z.enum(['a', 'b', 'c']), list }))
  // @ts-expect-error null is missing
  conforms<View>()(z.object({ name, kind, list: z.array(z.object({ id: z.number() })) }))
  // @ts-expect-error it may be left out
  conforms<View>()(z.object({ name: name.optional(), kind, list }))
})
