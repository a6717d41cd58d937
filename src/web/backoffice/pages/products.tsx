import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { productList } from '#views/catalogue/list-products.ts'
import { productActions } from '#web/backoffice/list-actions.ts'
import { actAtList, listAtDesk } from '#web/backoffice/list-desk.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Empty, Page } from '#web/ui/page.tsx'
import { ListDesk } from '../parts/list-desk.tsx'

export const meta = () => [{ title: 'Products' }]

export const loader = (args: LoaderFunctionArgs) => listAtDesk(args, productList, productActions)
export const action = (args: ActionFunctionArgs) => actAtList(args, productList, productActions)

export default function Products() {
  const view = useLoaderData<typeof loader>()
  return (
    <Page
      title="Products"
      actions={
        <LinkButton to="/products/new-pool" tone="plain">
          New product of a key pool
        </LinkButton>
      }
    >
      <ListDesk
        view={view}
        empty={
          <Empty
            title="No products yet"
            action={<LinkButton to="/setup/applications">Applications Setup</LinkButton>}
          >
            Get Services Definition of an application brings its products.
          </Empty>
        }
      />
    </Page>
  )
}
