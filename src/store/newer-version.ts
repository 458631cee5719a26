import { z } from 'zod'

/** Says so if a document was written by a program that knows a later shape of it: that is no damage. */
export const newerVersion = (json: unknown, known: number): string | undefined => {
  const found = z.object({ version: z.number().int().gt(known) }).safeParse(json)
  return found.success ? `it was written by a newer version of this program: format ${found.data.version}, this one knows ${known}` : undefined
}
