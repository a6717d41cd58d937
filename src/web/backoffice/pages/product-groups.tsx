import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { productGroupList } from '#views/catalogue/list-product-groups.ts'
import { actAtList, listAtDesk } from '#web/backoffice/list-desk.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Empty, Page } from '#web/ui/page.tsx'
import { ListDesk } from '../parts/list-desk.tsx'

export const meta = () => [{ title: 'Product groups' }]

export const loader = (args: LoaderFunctionArgs) => listAtDesk(args, productGroupList)
export const action = (args: ActionFunctionArgs) => actAtList(args, productGroupList)

export default function ProductGroups() {
  const view = useLoaderData<typeof loader>()
  const create = <LinkButton to="/product-groups/new">New product group</LinkButton>
  return (
    <Page title="Product groups" actions={create}>
      <ListDesk
        view={view}
        empty={
          <Empty title="No product groups yet" action={create}>
            A group sells several plans from one page, with words and a picture of its own.
          </Empty>
        }
      />
    </Page>
  )
}
