/** A fenced code block: what follows the fence, and its lines. */
export interface Block {
  readonly tag: string
  readonly text: string
}

/** All fenced blocks of a Markdown text, in their order. */
export const blocksOf = (markdown: string): readonly Block[] =>
  [...markdown.matchAll(/^```(?<tag>.*)\n(?<text>[\s\S]*?)^```$/gm)].map((match) => ({
    tag: match.groups?.['tag'] ?? '',
    text: match.groups?.['text'] ?? '',
  }))
