import { useEffect, useState } from 'preact/hooks'

const first = 60
const step = 120

/** How many of a long list are drawn: a screenful at once, and all of them in the pauses that follow. */
export const useGrowing = (total: number): number => {
  const [most, setMost] = useState(first)
  useEffect(() => {
    if (most >= total) return undefined
    const timer = setTimeout(() => setMost((before) => before + step), 30)
    return () => clearTimeout(timer)
  }, [most, total])
  return most
}
