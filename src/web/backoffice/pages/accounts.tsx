import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { listAccounts } from '#views/accounts/list-accounts.ts'
import { askedOf, choiceOf, deskOf } from '#web/backoffice/desk.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Page } from '#web/ui/page.tsx'
import { FilterLinks, List, SearchForm, Toolbar } from '#web/ui/table.tsx'
import { NothingFound } from '../parts/nothing-found.tsx'
import { State } from '../parts/state.tsx'

export const meta = () => [{ title: 'Accounts' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const asked = askedOf(args.url)
  const kind = choiceOf(args.url, 'kind', ['reseller', 'customer', 'direct'])
  const sort = choiceOf(args.url, 'sort', ['name', '-name', 'number', '-number'])
  const { items, nextCursor } = await listAccounts(app.db, actor, { ...asked, kind, sort })
  const rows = items.map(({ createdAt: _, ...row }) => row)
  return { rows, nextCursor, mayCreate: actor.rights.has('manage-accounts') }
}

export default function Accounts() {
  const { rows, nextCursor, mayCreate } = useLoaderData<typeof loader>()
  const create = mayCreate && <LinkButton to="/accounts/new">New account</LinkButton>
  return (
    <Page title="Accounts" actions={create}>
      <Toolbar>
        <SearchForm label="Search accounts" placeholder="Name, number, e-mail or city" />
        <FilterLinks
          name="kind"
          choices={[
            { value: 'reseller', label: 'Resellers' },
            { value: 'customer', label: 'Customers' },
            { value: 'direct', label: 'Direct customers' },
          ]}
        />
      </Toolbar>
      <List
        caption="Accounts"
        heads={[
          { label: 'Account', sort: 'name' },
          { label: 'Number', sort: 'number' },
          'Kind',
          'Reseller',
          'E-mail',
          'City',
          'State',
        ]}
        empty={
          <NothingFound title="No accounts yet" action={create}>
            Create the first reseller or direct customer.
          </NothingFound>
        }
        nextCursor={nextCursor}
        rows={rows.map((row) => ({
          key: row.id,
          cells: [
            <Link key="t" to={`/accounts/${row.id}`}>
              {row.name}
            </Link>,
            row.number,
            row.kind === 'reseller' ? 'Reseller' : row.parentId ? 'Customer' : 'Direct customer',
            row.parentId && (
              <Link key="p" to={`/accounts/${row.parentId}`}>
                {row.parentName}
              </Link>
            ),
            row.email,
            `${row.city}, ${row.country}`,
            <State key="s">{row.state}</State>,
          ],
        }))}
      />
    </Page>
  )
}
