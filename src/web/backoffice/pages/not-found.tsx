// Every address nobody knows: 404 within the frame, so that the way on is one click.
import { data, type LoaderFunctionArgs } from 'react-router'
import { deskOf } from '#web/backoffice/desk.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Empty, Page } from '#web/ui/page.tsx'

export const meta = () => [{ title: 'There is nothing here' }]

export function loader(args: LoaderFunctionArgs) {
  deskOf(args)
  return data(null, { status: 404 })
}

export default function NotFound() {
  return (
    <Page title="There is nothing here">
      <Empty title="No page has this address" action={<LinkButton to="/">To the dashboard</LinkButton>}>
        The page may have moved, or its address is not complete.
      </Empty>
    </Page>
  )
}
