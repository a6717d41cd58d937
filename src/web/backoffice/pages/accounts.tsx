import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { listAccounts } from '#views/accounts/list-accounts.ts'
import { askedOf, choiceOf, deskOf, shown } from '#web/backoffice/pages/shared/desk.ts'
import { ButtonLink, List, Page, Search, State, To } from './shared/kit.tsx'

export const meta = () => [{ title: 'Accounts' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const asked = askedOf(args.url)
  const kind = choiceOf(args.url, 'kind', ['reseller', 'customer', 'direct'])
  const sort = choiceOf(args.url, 'sort', ['name', 'number'])
  const { items, nextCursor } = await shown(listAccounts(app.db, actor, { ...asked, kind, sort }))
  const rows = items.map(({ createdAt: _, ...row }) => row)
  return {
    rows,
    nextCursor,
    q: asked.q,
    kind: kind ?? '',
    sort: sort ?? 'name',
    mayCreate: actor.rights.has('manage-accounts'),
  }
}

export default function Accounts() {
  const { rows, nextCursor, q, kind, sort, mayCreate } = useLoaderData<typeof loader>()
  return (
    <Page title="Accounts" actions={mayCreate && <ButtonLink to="/accounts/new">New account</ButtonLink>}>
      <Search
        q={q}
        label="Name, number, e-mail or city"
        filters={[
          {
            name: 'kind',
            label: 'Kind',
            value: kind,
            options: [
              ['', 'All'],
              ['reseller', 'Resellers'],
              ['customer', 'Customers'],
              ['direct', 'Direct customers'],
            ],
          },
          {
            name: 'sort',
            label: 'Sort by',
            value: sort,
            options: [
              ['name', 'Name'],
              ['number', 'Number'],
            ],
          },
        ]}
      />
      <List
        caption="Accounts"
        columns={['Account', 'Number', 'Kind', 'Reseller', 'E-mail', 'City', 'State']}
        empty="No accounts match."
        nextCursor={nextCursor}
        rows={rows.map((row) => ({
          key: row.id,
          cells: [
            <To key="t" to={`/accounts/${row.id}`}>
              {row.name}
            </To>,
            row.number,
            row.kind,
            row.parentName ?? '–',
            row.email,
            `${row.city}, ${row.country}`,
            <State key="s">{row.state}</State>,
          ],
        }))}
      />
    </Page>
  )
}
