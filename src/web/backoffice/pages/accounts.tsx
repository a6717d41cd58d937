import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { accountList } from '#views/accounts/list-accounts.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import { accountActions } from '#web/backoffice/list-actions.ts'
import { actAtList, listAtDesk } from '#web/backoffice/list-desk.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Empty, Page } from '#web/ui/page.tsx'
import { ListDesk } from '../parts/list-desk.tsx'

export const meta = () => [{ title: 'Accounts' }]

export async function loader(args: LoaderFunctionArgs) {
  const { actor } = deskOf(args)
  return {
    view: await listAtDesk(args, accountList, accountActions),
    mayCreate: actor.rights.has('manage-accounts'),
  }
}

export const action = (args: ActionFunctionArgs) => actAtList(args, accountList, accountActions)

export default function Accounts() {
  const { view, mayCreate } = useLoaderData<typeof loader>()
  const create = mayCreate && (
    <>
      <LinkButton to="/accounts/import" tone="plain">
        Import
      </LinkButton>
      <LinkButton to="/accounts/new">New account</LinkButton>
    </>
  )
  return (
    <Page title="Accounts" actions={create}>
      <ListDesk
        view={view}
        empty={
          <Empty title="No accounts yet" action={create}>
            Create the first reseller or direct customer.
          </Empty>
        }
      />
    </Page>
  )
}
