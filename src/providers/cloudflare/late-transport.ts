import type { Transport } from './transport.ts'

/**
 * A transport that is loaded for its first call, not before: undici costs a start some 65 ms of processor time, and the
 * checks of a look begin without it. `baseUrl`: where all requests go.
 */
export const createLateTransport = (baseUrl: string, connectMs: number): Transport => {
  let loading: Promise<Transport> | undefined
  const load = (): Promise<Transport> => {
    loading ??= import('./transport.ts').then(({ createTransport }) => createTransport(baseUrl, connectMs))
    return loading
  }
  return {
    fetch: async (url, init) => (await load()).fetch(url, init),
    warm: () => void load().then((transport) => transport.warm(), () => {}),
    close: async () => (await loading)?.close(),
  }
}
