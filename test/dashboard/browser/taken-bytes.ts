import type { Page } from 'playwright-core'

/** What came over the wire, headers included, as the browser counted it. */
export interface TakenBytes {
  /** The first time of each, for what is kept is not sent again. */
  byPath(): ReadonlyMap<string, number>
}

export const takeBytes = async (page: Page): Promise<TakenBytes> => {
  const session = await page.context().newCDPSession(page)
  const paths = new Map<string, string>()
  const sizes = new Map<string, number>()
  session.on('Network.responseReceived', ({ requestId, response }) => void paths.set(requestId, new URL(response.url).pathname))
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const path = paths.get(requestId)
    if (path !== undefined && !sizes.has(path)) sizes.set(path, encodedDataLength)
  })
  await session.send('Network.enable')
  return { byPath: () => sizes }
}
