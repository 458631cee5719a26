import type { PageParts } from '../api-parts.ts'
import { nothingHere } from '../nothing-here.ts'
import { pageAnswer, wordsAnswer } from '../page-answer.ts'
import type { Answer, Exchange, Route } from '../route.ts'

const notBuilt = 'The dashboard is not built here: this is a checkout of the source. Build it with: npm run build. The API is at api/v1, and api/v1/openapi.json says what there is.'

const page = (path: string, summary: string, run: (exchange: Exchange) => Answer): Route => ({
  method: 'GET',
  path,
  need: 'nothing',
  summary,
  query: undefined,
  body: undefined,
  takes: 'json',
  bodyLimit: 0,
  isUnlimited: false,
  answers: {},
  otherContent: [],
  run,
})

const fileAnswer = (pages: PageParts, name: string, { headers }: Exchange): Answer => {
  const file = pages.isDashboardOn() || pages.areStatusPagesOn() ? pages.files?.get(name) : undefined
  return file === undefined ? nothingHere : pageAnswer(file, headers, name.startsWith('assets/'))
}

/** What people see in a browser; not in the document, which is for programs. */
export const pageRoutes: readonly Route[] = [
  page('/', 'The dashboard', (exchange) => {
    const { pages } = exchange.parts
    if (!pages.isDashboardOn()) return nothingHere
    return pages.files === undefined ? wordsAnswer(200, notBuilt) : fileAnswer(pages, 'index.html', exchange)
  }),
  page('/assets/{file}', 'What the pages are made of', (exchange) => fileAnswer(exchange.parts.pages, `assets/${exchange.param('file')}`, exchange)),
  page('/favicon.svg', 'The icon of the pages', (exchange) => fileAnswer(exchange.parts.pages, 'favicon.svg', exchange)),
  page('/licenses.txt', 'The licenses of what the pages are made of', (exchange) => fileAnswer(exchange.parts.pages, 'licenses.txt', exchange)),
  page('/status/{site}', "A site's public status page", (exchange) => {
    const { pages } = exchange.parts
    if (pages.statusPage(exchange.param('site')) === undefined) return wordsAnswer(404, 'There is no status page of this name.')
    return pages.files === undefined ? wordsAnswer(200, notBuilt) : fileAnswer(pages, 'status.html', exchange)
  }),
]
