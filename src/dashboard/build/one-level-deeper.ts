import type { Plugin } from 'vite'

/** A page that is served from one folder below the others finds its files one level up. */
export const oneLevelDeeper = (page: string): Plugin => ({
  name: 'one-level-deeper',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { filename }) => (filename.endsWith(`/${page}`) ? html.replaceAll(/(?<attribute>\b(?:href|src)=")\.\//g, '$<attribute>../') : html),
  },
})
