// Evaluated in the page: text that runs out of its box or into other text, and a page that scrolls sideways; one line each.
;(() => {
  const found = []
  const root = document.documentElement
  if (root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth} px wide and shows ${root.clientWidth}`)

  const nameOf = (element) => {
    const classes = typeof element.className === 'string' && element.className !== '' ? `.${element.className.trim().replaceAll(/\s+/g, '.')}` : ''
    return `${element.tagName.toLowerCase()}${classes} "${(element.textContent ?? '').trim().replaceAll(/\s+/g, ' ').slice(0, 60)}"`
  }
  // What is there for screen readers alone has a box of a pixel.
  const isUnseen = (element) => {
    for (let each = element; each !== null && each !== root; each = each.parentElement) {
      const style = getComputedStyle(each)
      if (style.clipPath !== 'none' || style.visibility !== 'visible' || Number(style.opacity) === 0) return true
    }
    return false
  }
  const clips = (style) => [style.overflowX, style.overflowY].some((overflow) => overflow === 'hidden' || overflow === 'clip')
  const scrolls = (style) => [style.overflowX, style.overflowY].some((overflow) => overflow === 'auto' || overflow === 'scroll')

  const texts = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement
    if (parent === null || node.textContent.trim() === '' || parent.closest('script, style, noscript, option, svg, dialog:not([open])') !== null || !parent.checkVisibility() || isUnseen(parent)) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const boxes = [...range.getClientRects()].filter(({ width, height }) => width > 1 && height > 1)
    if (boxes.length > 0) texts.push({ node, parent, boxes })
  }

  const isScrolled = (element) => {
    for (let each = element; each !== null && each !== document.body; each = each.parentElement) if (scrolls(getComputedStyle(each))) return true
    return false
  }
  for (const { parent, boxes } of texts) {
    // Cut off by a box round it, without an ellipsis, and without a way to scroll there.
    for (let each = parent; each !== null && each !== root; each = each.parentElement) {
      const style = getComputedStyle(each)
      if (scrolls(style)) break
      if (!clips(style) || style.textOverflow === 'ellipsis') continue
      const { left, right, top, bottom } = each.getBoundingClientRect()
      if (boxes.some((box) => box.left < left - 1 || box.right > right + 1 || box.top < top - 2 || box.bottom > bottom + 2)) found.push(`${nameOf(parent)} is cut off by ${nameOf(each).slice(0, 60)}`)
    }
    // The way past the navigation comes down when it has the focus.
    if (parent.matches('.skip:not(:focus)')) continue
    if (!isScrolled(parent) && boxes.some(({ left, right, top }) => left < -1 || right > root.clientWidth + 1 || top + scrollY < -1)) found.push(`${nameOf(parent)} is beyond the edge of the page`)
    if (getComputedStyle(parent).textOverflow === 'ellipsis') continue
    const block = parent.closest('button, td, th, li, p, h1, h2, h3, dd, dt, label, a')
    if (block === null || isScrolled(block) || getComputedStyle(block).display === 'inline') continue
    const { left, right } = block.getBoundingClientRect()
    if (boxes.some((box) => box.left < left - 1 || box.right > right + 1)) found.push(`${nameOf(parent)} runs out of ${nameOf(block).slice(0, 60)}`)
  }

  // What is laid over the page, such as a dialog or a bar that stays, is over other text on purpose.
  const layerOf = (element) => {
    for (let each = element; each !== null && each !== root; each = each.parentElement) {
      if (each.matches('dialog[open]') || ['fixed', 'sticky'].includes(getComputedStyle(each).position)) return each
    }
    return null
  }
  // What an ellipsis stands for is not there.
  const seenPart = (element, { left, right, top, bottom }) => {
    let box = { left, right, top, bottom }
    for (let each = element; each !== null && each !== root; each = each.parentElement) {
      if (getComputedStyle(each).overflowX === 'visible') continue
      const edge = each.getBoundingClientRect()
      box = { ...box, left: Math.max(box.left, edge.left), right: Math.min(box.right, edge.right) }
    }
    return box
  }
  const placed = texts.flatMap(({ parent, boxes }, at) => {
    const layer = layerOf(parent)
    return boxes.map((box) => ({ at, parent, layer, box: seenPart(parent, box) }))
  })
  placed.sort((a, b) => a.box.top - b.box.top)
  for (const [index, one] of placed.entries()) {
    for (let next = index + 1; next < placed.length; next += 1) {
      const other = placed[next]
      // Line boxes of neighbours touch: ascenders take no ink.
      if (other.box.top >= one.box.bottom - 3) break
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left)
      const down = Math.min(one.box.bottom, other.box.bottom) - other.box.top
      if (one.at !== other.at && one.layer === other.layer && across > 2 && down > 3) found.push(`${nameOf(one.parent)} and ${nameOf(other.parent)} overlap`)
    }
  }
  return [...new Set(found)]
})()
