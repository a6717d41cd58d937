import type { ReactNode } from 'react'
import { useLocation, useSearchParams } from 'react-router'
import { LinkButton } from '#web/ui/button.tsx'
import { Empty } from '#web/ui/page.tsx'

/** An empty list: where a search or filter is to blame it says so and offers the whole list, else what to do first. */
export function NothingFound({
  title,
  action,
  offer,
  children,
}: {
  title: string
  action?: ReactNode
  /** What else can be done where a search found nothing. */
  offer?: ReactNode
  children: ReactNode
}) {
  const [search] = useSearchParams()
  const { pathname } = useLocation()
  const isNarrowed = [...search].some(([name, value]) => name !== 'sort' && value !== '')
  if (!isNarrowed)
    return (
      <Empty title={title} action={action}>
        {children}
      </Empty>
    )
  return (
    <Empty
      title="Nothing matches"
      action={
        <div className="flex flex-wrap justify-center gap-2">
          {offer}
          <LinkButton to={pathname} tone="plain">
            Show all
          </LinkButton>
        </div>
      }
    >
      Search for other words or take away a filter.
    </Empty>
  )
}
