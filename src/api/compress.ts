import { gzip } from 'node:zlib'

/** Below this it is not worth the time. Bytes. */
export const leastBytes = 16_384

export const isWorthCompressing = (body: string, acceptEncoding: string): boolean => body.length >= leastBytes && /(?:^|[\s,])gzip\s*(?:$|,|;\s*q=(?:1|0\.0*[1-9]))/i.test(acceptEncoding)

/** In another thread, quickly rather than well. Undefined: it could not be done. */
export const compress = (body: string): Promise<Buffer | undefined> => new Promise((resolve) => void gzip(body, { level: 3 }, (error, compressed) => resolve(error === null ? compressed : undefined)))
