/** Whether serial `a` comes after `b` (RFC 1982 section 3.2). */
export const isSerialAfter = (a: number, b: number): boolean => a !== b && ((a - b) >>> 0) < 0x80_00_00_00

/**
 * The serial after a change: the time where that comes after, otherwise one more. So a zone whose state was lost
 * starts from the time and is still ahead of every serial that it had shown, unless it changed more than once a
 * second for all its life.
 */
export const nextSerial = (serial: number, unixSeconds: number): number => {
  const time = Math.floor(unixSeconds) >>> 0
  return isSerialAfter(time, serial) ? time : (serial + 1) >>> 0
}
