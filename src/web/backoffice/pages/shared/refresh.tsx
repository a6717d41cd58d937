// A page that keeps itself up to date while something is under way.
import { useEffect } from 'react'
import { useRevalidator } from 'react-router'

/** `href`: the page's address, for browsers without JavaScript; left out while there is something to type, which would be lost. */
export function Refresh({ href, seconds = 2 }: { href?: string | undefined; seconds?: number }) {
  const { revalidate, state } = useRevalidator()
  useEffect(() => {
    if (state !== 'idle') return
    const timer = setTimeout(() => void revalidate(), seconds * 1000)
    return () => clearTimeout(timer)
  }, [revalidate, state, seconds])
  if (!href) return null
  return (
    <noscript>
      <meta httpEquiv="refresh" content={`${seconds};url=${href}`} />
    </noscript>
  )
}
