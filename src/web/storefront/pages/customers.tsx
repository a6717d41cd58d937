import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router'
import { countryName } from '#kernel/countries.ts'
import { Refusal } from '#kernel/failure.ts'
import { mayDo } from '#modules/users'
import { searchCustomers } from '#views/accounts/list-customers.ts'
import { visitorOf } from '#web/storefront/visitor.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Empty, Page } from '#web/ui/page.tsx'
import { Pager, SearchForm, Table } from '#web/ui/table.tsx'

export const meta = () => [{ title: 'Customers' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = visitorOf(args)
  if (actor.accountKind !== 'reseller') throw new Refusal('page/not-found', 'This page is for resellers.')
  const q = args.url.searchParams.get('q') ?? ''
  const cursor = args.url.searchParams.get('cursor') ?? undefined
  const { items, nextCursor } = await searchCustomers(app.db, actor, { q, cursor })
  return {
    q,
    cursor,
    nextCursor,
    mayAdd: mayDo(actor, 'manage-customers'),
    customers: items.map(({ country, ...customer }) => ({ ...customer, country: countryName(country) })),
  }
}

export default function Customers() {
  const { q, cursor, nextCursor, mayAdd, customers } = useLoaderData<typeof loader>()
  return (
    <Page title="Customers" actions={mayAdd && <LinkButton to="/customers/new">New customer</LinkButton>}>
      <SearchForm label="Search customers" q={q} placeholder="Name, number, city, e-mail…" />
      {customers.length > 0 ? (
        <Table
          caption="Customers"
          heads={['Name', 'Number', 'City', 'Country', 'E-mail']}
          rows={customers.map((customer) => ({
            key: customer.id,
            cells: [
              <Link key="name" to={`/customers/${customer.id}`}>
                {customer.name}
              </Link>,
              customer.number,
              customer.city,
              customer.country,
              customer.email,
            ],
          }))}
        />
      ) : (
        <Empty
          title={q ? `Nobody found for “${q}”` : 'No customers yet'}
          action={
            q ? (
              <LinkButton to="/customers">Show all customers</LinkButton>
            ) : (
              mayAdd && <LinkButton to="/customers/new">Add your first customer</LinkButton>
            )
          }
        >
          {q
            ? 'Part of a name, a city or an e-mail is enough.'
            : 'The companies you sell to are kept here; you can also add one while you check out.'}
        </Empty>
      )}
      <Pager cursor={cursor} nextCursor={nextCursor} keep={{ q }} />
    </Page>
  )
}
