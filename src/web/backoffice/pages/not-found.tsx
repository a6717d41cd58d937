// Every address nobody knows: 404 within the frame, so that the way on is one click.
import { data, type LoaderFunctionArgs } from 'react-router'
import { deskOf } from '#web/backoffice/pages/shared/desk.ts'
import { ButtonLink, Page } from './shared/kit.tsx'

export const meta = () => [{ title: 'There is nothing here' }]

export function loader(args: LoaderFunctionArgs) {
  deskOf(args)
  return data(null, { status: 404 })
}

export default function NotFound() {
  return (
    <Page title="There is nothing here" lead="The page may have moved, or its address is not complete.">
      <p>
        <ButtonLink to="/">To the dashboard</ButtonLink>
      </p>
    </Page>
  )
}
