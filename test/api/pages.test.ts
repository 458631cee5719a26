import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { request } from 'undici'
import { describe, expect, it } from 'vitest'
import { type PageFiles, readPageFiles } from '../../src/api/page-files.ts'
import { makeFolder } from '../store/folder.ts'
import { unbuiltPages } from './pages.ts'
import { serving, type Serving, tokens } from './serving.ts'

const html = '<!doctype html><title>dns-failover</title><script type="module" src="./assets/index-4f2a.js"></script>'
const script = 'console.log("the dashboard")'

/** As a build leaves it, with what must not be served beside it. */
const built = async (): Promise<string> => {
  const folder = await makeFolder()
  const directory = join(folder, 'dashboard')
  await mkdir(join(directory, 'assets', 'deeper'), { recursive: true })
  const put = (name: string, content: string | Buffer): Promise<void> => writeFile(join(directory, name), content)
  await put('index.html', html)
  await put('index.html.br', brotliCompressSync(html))
  await put('index.html.gz', gzipSync(html))
  await put('status.html', '<!doctype html><title>status</title>')
  await put('favicon.svg', '<svg/>')
  await put('licenses.txt', 'all of them')
  await put('assets/index-4f2a.js', script)
  await put('assets/index-4f2a.js.br', brotliCompressSync(script))
  await put('assets/index-4f2a.js.gz', gzipSync(script))
  await put('assets/index-1b2c.css', 'body{}')
  await put('assets/deeper/hidden.js', 'hidden')
  await put('assets/.env', 'hidden')
  await put('assets/notes.md', 'hidden')
  await put('secret.json', '{}')
  await writeFile(join(folder, 'outside.txt'), 'outside')
  await symlink(join(folder, 'outside.txt'), join(directory, 'assets', 'link.txt'))
  return directory
}

const servingPages = async (files: PageFiles | undefined, more: Partial<typeof unbuiltPages> = {}): Promise<Serving> => serving({}, { pages: { ...unbuiltPages, files, ...more } })

/** As it comes over the wire. */
const get = async ({ url }: Serving, path: string, headers: Readonly<Record<string, string>> = {}, method: 'GET' | 'HEAD' = 'GET') => {
  const { statusCode, headers: given, body } = await request(`${url}${path}`, { method, headers })
  return { status: statusCode, headers: given, body: Buffer.from(await body.arrayBuffer()) }
}

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

describe('the pages', () => {
  it('come to whoever asks, and may do nothing but what they are made for', async () => {
    const served = await servingPages(await readPageFiles(await built()))
    for (const [path, contentType, text] of [
      ['/', 'text/html; charset=utf-8', html],
      ['/status/a.example', 'text/html; charset=utf-8', '<!doctype html><title>status</title>'],
      ['/favicon.svg', 'image/svg+xml', '<svg/>'],
      ['/licenses.txt', 'text/plain; charset=utf-8', 'all of them'],
      ['/assets/index-4f2a.js', 'text/javascript; charset=utf-8', script],
      ['/assets/index-1b2c.css', 'text/css; charset=utf-8', 'body{}'],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop
      const { status, headers, body } = await get(served, path)
      expect([path, status, headers['content-type'], body.toString()]).toEqual([path, 200, contentType, text])
      expect(headers).toMatchObject({
        'content-security-policy': policy,
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        vary: 'Accept-Encoding',
        'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        'content-length': String(body.length),
      })
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control') || name === 'set-cookie')).toEqual([])
    }
  })

  it.each([
    ['br', 'br'],
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['GZIP;q=0.5', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.0, gzip;q=0', undefined],
    ['*', 'br'],
    ['identity', undefined],
    ['', undefined],
    ['brotli', undefined],
  ])('to a client that takes %j come as %s', async (accepted, encoding) => {
    const served = await servingPages(await readPageFiles(await built()))
    const { headers, body } = await get(served, '/', { 'accept-encoding': accepted })
    expect(headers['content-encoding']).toBe(encoding)
    expect(body.equals(encoding === 'br' ? brotliCompressSync(html) : encoding === 'gzip' ? gzipSync(html) : Buffer.from(html))).toBe(true)
  })

  it('are not sent again to who has them, in the encoding that it has', async () => {
    const served = await servingPages(await readPageFiles(await built()))
    const first = await get(served, '/', { 'accept-encoding': 'br' })
    const tag = String(first.headers['etag'])
    expect(tag).toMatch(/^"[\w-]{22}-br"$/)
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      // oxlint-disable-next-line no-await-in-loop
      const again = await get(served, '/', { 'accept-encoding': 'br', 'if-none-match': known })
      expect([again.status, again.body.length, again.headers['etag'], again.headers['cache-control'], again.headers['content-security-policy']]).toEqual([304, 0, tag, 'no-cache', policy])
    }
    expect((await get(served, '/', { 'accept-encoding': 'gzip', 'if-none-match': tag })).status).toBe(200)
    const head = await get(served, '/', { 'accept-encoding': 'br' }, 'HEAD')
    expect([head.status, head.body.length, head.headers['content-length'], head.headers['etag']]).toEqual([200, 0, String(brotliCompressSync(html).length), tag])
  })

  it.each([
    '/assets/',
    '/assets/hidden.js',
    '/assets/deeper',
    '/assets/deeper/hidden.js',
    '/assets/deeper%2fhidden.js',
    '/assets/.env',
    '/assets/notes.md',
    '/assets/link.txt',
    '/assets/..%2findex.html',
    '/assets/..%2f..%2foutside.txt',
    '/assets/%2e%2e%2foutside.txt',
    '/assets/..%5coutside.txt',
    '/assets/index-4f2a.js%00',
    '/assets/index-4f2a.js.br',
    '/assets/__proto__',
    '/assets/constructor',
    '/secret.json',
    '/index.html',
    '/status.html',
    '/status/',
    '//',
  ])('do not have %s', async (path) => {
    const served = await servingPages(await readPageFiles(await built()))
    const { status, headers, body } = await get(served, path)
    expect([status, headers['content-type'], (JSON.parse(body.toString()) as { code: string }).code]).toEqual([404, 'application/problem+json', 'not-found'])
  })

  it('are only read', async () => {
    const served = await servingPages(await readPageFiles(await built()))
    const answer = await served.ask('POST', '/', { body: {} })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  it('are as they were when they were read: what is put there later is not served', async () => {
    const directory = await built()
    const served = await servingPages(await readPageFiles(directory))
    await writeFile(join(directory, 'assets', 'later.js'), 'later')
    await writeFile(join(directory, 'index.html'), 'later')
    expect([(await get(served, '/assets/later.js')).status, (await get(served, '/')).body.toString()]).toEqual([404, html])
  })

  it.each([
    ['an empty folder', async () => makeFolder()],
    ['no folder', async () => join(await makeFolder(), 'not-there')],
    [
      'a build without a page',
      async () => {
        const folder = await makeFolder()
        await mkdir(join(folder, 'assets'))
        return folder
      },
    ],
  ])('say so where there is %s', async (_, make) => {
    const files = await readPageFiles(await make())
    expect(files).toBeUndefined()
    const served = await servingPages(files)
    for (const path of ['/', '/status/a.example']) {
      // oxlint-disable-next-line no-await-in-loop
      const { status, headers, body } = await get(served, path)
      expect([status, headers['content-type'], body.toString()]).toEqual([200, 'text/plain; charset=utf-8', expect.stringContaining('npm run build')])
    }
    expect((await get(served, '/assets/index-4f2a.js')).status).toBe(404)
    expect((await served.ask('GET', '/api/v1/overview', { token: tokens.read })).status).toBe(200)
  })

  it('are not there where they are turned off, but what status pages are made of is', async () => {
    const files = await readPageFiles(await built())
    const off = await servingPages(files, { isDashboardOn: () => false, areStatusPagesOn: () => false, statusPage: () => undefined })
    for (const path of ['/', '/assets/index-4f2a.js', '/favicon.svg', '/status/a.example']) {
      // oxlint-disable-next-line no-await-in-loop
      expect([path, (await get(off, path)).status]).toEqual([path, 404])
    }
    const status = await servingPages(files, { isDashboardOn: () => false })
    expect([(await get(status, '/')).status, (await get(status, '/assets/index-4f2a.js')).status, (await get(status, '/status/a.example')).status]).toEqual([404, 200, 200])
  })
})
