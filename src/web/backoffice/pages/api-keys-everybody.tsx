import { type ActionFunctionArgs, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { apiKeyList } from '#views/users/list-api-keys.ts'
import { apiKeyActions } from '#web/backoffice/list-actions.ts'
import { actAtList, listAtDesk } from '#web/backoffice/list-desk.ts'
import { Empty, Page } from '#web/ui/page.tsx'
import { ListDesk } from '../parts/list-desk.tsx'

export const meta = () => [{ title: 'API keys of everybody' }]

export const loader = (args: LoaderFunctionArgs) => listAtDesk(args, apiKeyList, apiKeyActions)

export const action = (args: ActionFunctionArgs) => actAtList(args, apiKeyList, apiKeyActions)

export default function EverybodysApiKeys() {
  const view = useLoaderData<typeof loader>()
  return (
    <Page
      title="API keys of everybody"
      lead="Of our people, and of resellers and customers"
      crumbs={[{ to: '/setup/api-keys', label: 'API keys' }]}
    >
      <ListDesk view={view} empty={<Empty title="No API keys yet">Nobody has made one.</Empty>} />
    </Page>
  )
}
