/** Days left on a certificate at which somebody should hear of it. */
const marks = [30, 14, 7, 3, 1, 0] as const

/** The mark that a certificate has come below; undefined: it is not near its end. */
export const certificateMark = (days: number): number | undefined => marks.findLast((mark) => days < mark)
