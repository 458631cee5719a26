import { momentText } from './clock-text.ts'

/** A sentence of the log, for people: its times by the reader's clock, as seen from when it was said, and arrows for arrows. */
export const eventText = (text: string, saidAt: string): string =>
  text.replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (iso) => momentText(iso, Date.parse(saidAt))).replaceAll(' -> ', ' → ')
