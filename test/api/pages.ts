import type { PageParts } from '../../src/api/api-parts.ts'

/** Pages that were not built; a.example has a status page. */
export const unbuiltPages: PageParts = {
  files: undefined,
  isDashboardOn: () => true,
  areStatusPagesOn: () => true,
  statusPage: (site) => (site === 'a.example' ? { title: 'A site' } : undefined),
}
