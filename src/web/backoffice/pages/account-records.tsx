// The tabs of an account that show the newest of its customers, orders, licences, subscriptions or invoices. One tab asks for its own
// rows and nothing else.
import { type LoaderFunctionArgs, useLoaderData } from 'react-router'
import type { App } from '#flows/app.ts'
import { invariant } from '#kernel/failure.ts'
import type { Staff } from '#modules/users'
import { accountList } from '#views/accounts/list-accounts.ts'
import { assetList } from '#views/assets/list-assets.ts'
import { invoiceList } from '#views/invoices/list-invoices.ts'
import { orderList } from '#views/orders/list-orders.ts'
import { subscriptionList } from '#views/subscriptions/list-subscriptions.ts'
import type { AccountShown } from '#web/backoffice/account-shown.ts'
import { deskOf } from '#web/backoffice/desk.ts'
import type { NewestView } from '#web/backoffice/list-view.ts'
import { newestRows } from '#web/backoffice/newest.ts'
import { LinkButton } from '#web/ui/button.tsx'
import { Empty } from '#web/ui/page.tsx'
import { Newest } from '../parts/newest.tsx'
import { useAccount } from '../use-account.ts'

type Kind = 'customers' | 'orders' | 'assets' | 'subscriptions' | 'invoices'

/** Who pays is the account itself or its reseller, which the heading says. */
const reading: Readonly<Record<Kind, (app: App, actor: Staff, id: string) => Promise<NewestView>>> = {
  customers: (app, actor, id) =>
    newestRows(app, actor, accountList, {
      title: 'Customers',
      filter: 'parent',
      id,
      sort: '-created',
      columns: ['name', 'number', 'email', 'city', 'country', 'state', 'created'],
    }),
  orders: (app, actor, id) =>
    newestRows(app, actor, orderList, {
      filter: 'account',
      id,
      sort: '-placed',
      columns: ['number', 'customer', 'state', 'progress', 'items', 'total', 'placed'],
    }),
  assets: (app, actor, id) =>
    newestRows(app, actor, assetList, {
      filter: 'account',
      id,
      sort: '-bought',
      columns: ['number', 'product', 'customer', 'order', 'state', 'provisioning', 'price', 'bought'],
    }),
  subscriptions: (app, actor, id) =>
    newestRows(app, actor, subscriptionList, {
      filter: 'account',
      id,
      sort: '-bought',
      columns: ['number', 'product', 'customer', 'quantity', 'state', 'ends', 'net'],
    }),
  invoices: (app, actor, id) =>
    newestRows(app, actor, invoiceList, {
      filter: 'account',
      id,
      sort: '-created',
      columns: ['number', 'kind', 'customer', 'order', 'state', 'issued', 'due', 'total', 'open'],
    }),
}

const isKind = (word: string): word is Kind => Object.hasOwn(reading, word)

export const meta = () => [{ title: 'Records of an account' }]

export async function loader(args: LoaderFunctionArgs) {
  const { app, actor } = deskOf(args)
  const kind = args.url.pathname.split('/').at(-1) ?? ''
  invariant(isKind(kind), 'the addresses of these tabs end with what they show')
  return { kind, view: await reading[kind](app, actor, args.params['id'] ?? '') }
}

export default function AccountRecords() {
  const { kind, view } = useLoaderData<typeof loader>()
  const { isReseller } = useAccount()
  return <Newest view={view} hides={isReseller ? undefined : 'customer'} empty={<Nothing kind={kind} />} />
}

const nothing: Readonly<Record<Kind, string>> = {
  customers: 'No customers yet',
  orders: 'No orders yet',
  assets: 'No licences yet',
  subscriptions: 'No subscriptions yet',
  invoices: 'No invoices yet',
}

function Nothing({ kind }: { kind: Kind }) {
  const account = useAccount()
  const isCustomers = kind === 'customers'
  return (
    <Empty title={nothing[kind]} action={isCustomers ? newCustomer(account) : newOrder(account)}>
      {isCustomers && !account.isReseller && 'Only a reseller has customers of its own.'}
    </Empty>
  )
}

const newCustomer = ({ id, isReseller, mayManage }: AccountShown) =>
  isReseller && mayManage && <LinkButton to={`/accounts/new?parent=${id}`}>New customer</LinkButton>

const newOrder = ({ id, mayOrder }: AccountShown) =>
  mayOrder && <LinkButton to={`/orders/new?customer=${id}`}>New order</LinkButton>
