import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { assetList } from '#views/assets/list-assets.ts'
import { assetActions } from '#web/backoffice/list-actions.ts'
import { actAtList, listAtDesk } from '#web/backoffice/list-desk.ts'
import { Empty, Page } from '#web/ui/page.tsx'
import { ListDesk } from '../parts/list-desk.tsx'

export const meta = () => [{ title: 'Assets' }]

export const loader = (args: LoaderFunctionArgs) => listAtDesk(args, assetList, assetActions)

export const action = (args: ActionFunctionArgs) => actAtList(args, assetList, assetActions)

export default function Assets() {
  const view = useLoaderData<typeof loader>()
  return (
    <Page title="Assets" lead="Licences, each with its own key">
      <ListDesk
        view={view}
        empty={<Empty title="No licences yet">A licence appears here when an order is executed.</Empty>}
      />
    </Page>
  )
}
